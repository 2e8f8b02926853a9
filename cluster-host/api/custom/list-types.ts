/** Sets and maps in lists have no doubles (`x-kubernetes-list-type`). */
import { duplicate } from '../field-errors.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import type { Errors } from '../validation/errors.ts';
import { canonicalJson, isObject } from '../values.ts';
import { fieldSchema, itemsOf } from './schema.ts';

export function* validateListTypes(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  if (Array.isArray(value)) {
    yield* validateDoubles(value, schema, field);
    const items = itemsOf(schema);
    if (items !== undefined) for (const [index, item] of value.entries()) yield* validateListTypes(item, items, `${field}[${index}]`);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const inner = fieldSchema(schema, name);
      if (inner === undefined) continue;
      const isMapKey = schema.properties?.[name] === undefined;
      yield* validateListTypes(item, inner, isMapKey ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`);
    }
  }
}

function* validateDoubles(list: readonly unknown[], schema: V1JSONSchemaProps, field: string): Errors {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const identity: unknown = listType === 'set' ? item : keysOf(item, keys);
    const text = canonicalJson(identity);
    if (seen.has(text)) yield duplicate(`${field}[${index}]`, identity);
    seen.add(text);
  }
}

function keysOf(item: unknown, keys: readonly string[]): unknown {
  return isObject(item) ? Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(item, key) ? [[key, item[key]]] : []))) : item;
}
