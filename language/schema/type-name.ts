/** A type of the catalogue in words: `list of Container`, `map of string to quantity`, `integer`. */
import type { ScalarName, Type } from '../../cluster-host/api/catalogue/schema.ts';

const scalars: Readonly<Record<ScalarName, string>> = {
  string: 'string',
  bool: 'boolean',
  int32: 'integer',
  int64: 'integer',
  float64: 'number',
  bytes: 'base64 text',
  quantity: 'quantity (`100m`, `1Gi`)',
  intOrString: 'integer or string',
  time: 'time (`2006-01-02T15:04:05Z`)',
  microTime: 'time (`2006-01-02T15:04:05.000000Z`)',
  any: 'any value',
  object: 'object',
};

export function typeName(type: Type): string {
  switch (type.kind) {
    case 'list':
      return `list of ${typeName(type.item)}`;
    case 'map':
      return `map of string to ${typeName(type.value)}`;
    case 'struct':
      return type.goType.slice(type.goType.lastIndexOf('.') + 1);
    case 'scalar':
      return scalars[type.scalar];
  }
}
