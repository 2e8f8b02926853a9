import { expect, test } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { StructType, Type } from '../catalogue/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { layoutOf } from './layouts.ts';

/** Where in a type is a struct that cannot be written. */
function* gaps(type: Type, path: string, seen: Set<StructType>): Generator<string> {
  if (type.kind === 'list') yield* gaps(type.item, `${path}[]`, seen);
  if (type.kind === 'map') yield* gaps(type.value, `${path}{}`, seen);
  if (type.kind !== 'struct' || seen.has(type)) return;
  seen.add(type);
  if (layoutOf(type) === undefined) yield path;
  for (const field of type.fields.values()) yield* gaps(field.type, `${path}.${field.name}`, seen);
}

test('what a kind with a protobuf form holds has one too', () => {
  const rows = kinds.flatMap((row) => {
    const type = kindType(row);
    return type === undefined || layoutOf(type) === undefined ? [] : [{ type, name: row.kind }];
  });
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.flatMap(({ type, name }) => [...gaps(type, name, new Set())])).toEqual([]);
});
