/** Removal of what a schema does not know (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning). */
import type { Path } from '../field-error.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { isObject, type JsonObject } from '../values.ts';
import { additionalOf, fieldSchema, isEmbedded, itemsOf, preservesUnknown } from './schema.ts';

/** What every object has, whatever its schema says. */
export const headFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Takes unknown fields out of a whole object; returns their paths in the object's order. */
export function prune(object: JsonObject, schema: V1JSONSchemaProps): readonly Path[] {
  const removed: Path[] = [];
  pruneObject(object, schema, [], true, removed);
  return removed;
}

function pruneValue(value: unknown, schema: V1JSONSchemaProps, path: Path, removed: Path[]): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined) for (const [index, item] of value.entries()) pruneValue(item, items, [...path, index], removed);
  } else if (isObject(value)) pruneObject(value, schema, path, isEmbedded(schema), removed);
}

function pruneObject(object: JsonObject, schema: V1JSONSchemaProps, path: Path, isWhole: boolean, removed: Path[]): void {
  const takesAny = preservesUnknown(schema) || schema.additionalProperties === true;
  for (const [name, value] of Object.entries(object)) {
    if (isWhole && headFields.has(name)) continue;
    const field = fieldSchema(schema, name);
    if (field !== undefined) pruneValue(value, field, [...path, name], removed);
    else if (!takesAny && additionalOf(schema) === undefined) {
      delete object[name];
      removed.push([...path, name]);
    }
  }
}
