/** Whole objects inside custom resources (`x-kubernetes-embedded-resource`): they say what they are, and their metadata is in order. */
import { invalid, required } from '../field-errors.ts';
import type { V1JSONSchemaProps, V1ObjectMeta } from '../generated/types.ts';
import { checkDns1035Label } from '../names.ts';
import { parseApiVersion } from '../object.ts';
import type { Errors } from '../validation/errors.ts';
import { validateAnnotations, validateLabels } from '../validation/object-meta.ts';
import { isObject, type JsonObject } from '../values.ts';
import { fieldSchema, isEmbedded, itemsOf } from './schema.ts';

export function* validateEmbedded(value: unknown, schema: V1JSONSchemaProps, field: string): Errors {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined) for (const [index, item] of value.entries()) yield* validateEmbedded(item, items, `${field}[${index}]`);
    return;
  }
  if (!isObject(value)) return;
  if (isEmbedded(schema)) yield* validateHead(value, field);
  for (const [name, item] of Object.entries(value)) {
    const inner = fieldSchema(schema, name);
    if (inner !== undefined) yield* validateEmbedded(item, inner, field === '' ? name : `${field}.${name}`);
  }
}

function* validateHead({ apiVersion, kind, metadata }: JsonObject, field: string): Errors {
  if (typeof apiVersion !== 'string' || apiVersion === '') yield required(`${field}.apiVersion`, 'must not be empty');
  else if (parseApiVersion(apiVersion) === undefined) yield invalid(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  if (typeof kind !== 'string' || kind === '') yield required(`${field}.kind`, 'must not be empty');
  else {
    const problems = checkDns1035Label(kind.toLowerCase());
    if (problems.length > 0) yield invalid(`${field}.kind`, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`);
  }
  if (!isObject(metadata)) return;
  const { labels, annotations } = metadata as V1ObjectMeta;
  yield* validateLabels(labels, `${field}.metadata.labels`);
  yield* validateAnnotations(annotations, `${field}.metadata.annotations`);
}
