/** Defaults of a schema (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting). */
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { copy, isObject, setKey } from '../values.ts';
import { fieldSchema, itemsOf, propertiesOf } from './schema.ts';

/**
 * Fills in defaults, at every level of what is there or comes in by a default. A null where the schema takes none counts as
 * left out. Idempotent.
 */
export function applyDefaults(value: unknown, schema: V1JSONSchemaProps): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined) for (const item of value) applyDefaults(item, items);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const field = fieldSchema(schema, name);
    if (item === null && field !== undefined && field.nullable !== true) delete value[name];
  }
  for (const [name, field] of propertiesOf(schema)) {
    if (field.default !== undefined && !Object.hasOwn(value, name)) setKey(value, name, copy(field.default as unknown));
  }
  for (const [name, item] of Object.entries(value)) {
    const field = fieldSchema(schema, name);
    if (field !== undefined) applyDefaults(item, field);
  }
}

/** Whether the schema has a default at any level. */
export function hasDefaults(schema: V1JSONSchemaProps): boolean {
  return JSON.stringify(schema).includes('"default":');
}
