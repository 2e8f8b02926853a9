/** Random documents along a schema: mostly of the right types, often with wrong values, sometimes null. */
import * as fc from 'fast-check';
import type { ScalarType, Type } from '../../cluster-host/api/catalogue/schema.ts';

const texts = ['a', '', 'x.y', 'A', '1.2.3.4', '10.0.0.0/8', 'v1', 'Bogus!', '*.x', '/p', '-'];

/** `depth` bounds how deep structs nest. */
export function documentOf(type: Type, depth = 9): fc.Arbitrary<unknown> {
  return fc.option(contentOf(type, depth), { freq: 16 });
}

function contentOf(type: Type, depth: number): fc.Arbitrary<unknown> {
  if (depth === 0) return fc.constant(undefined);
  switch (type.kind) {
    case 'struct': {
      const fields = [...type.fields.values()].filter(({ name }) => name !== 'managedFields');
      // Which fields there are is drawn first, so that the rest of a large struct costs nothing.
      const kept = fc.array(fc.nat({ max: 99 }), { minLength: fields.length, maxLength: fields.length });
      return kept.chain((dice) => fc.record(Object.fromEntries(fields.filter(({ required }, index) => (dice[index] ?? 0) < (required ? 85 : 25)).map((field) => [field.name, documentOf(field.type, depth - 1)]))));
    }
    case 'list':
      return fc.array(documentOf(type.item, depth - 1), { maxLength: 2 });
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b/c', '-x', 'cpu', 'memory', ''), documentOf(type.value, depth - 1), { maxKeys: 2 });
    case 'scalar':
      return scalarOf(type);
  }
}

function scalarOf({ scalar, values = [] }: ScalarType): fc.Arbitrary<unknown> {
  switch (scalar) {
    case 'string':
      return fc.constantFrom(...(values.length > 0 ? [...values, 'Bogus'] : texts));
    case 'bool':
      return fc.boolean();
    case 'int32':
    case 'int64':
      return fc.constantFrom(0, 1, -1, 80, 70_000, 2 ** 31 - 1);
    case 'float64':
      return fc.double();
    case 'bytes':
      return fc.constantFrom('aGk=', '');
    case 'quantity':
      return fc.constantFrom('1', '100m', '-1', '1Gi', '0');
    case 'intOrString':
      return fc.constantFrom<number | string>(1, 'http', '25%', -1, '', '150%');
    case 'time':
    case 'microTime':
      return fc.constant('2024-01-01T00:00:00Z');
    case 'any':
    case 'object':
      return fc.constantFrom({}, { a: 1 });
  }
}
