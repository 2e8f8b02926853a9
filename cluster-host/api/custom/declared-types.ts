/**
 * Types that schemas of custom resources declare to CEL, and how large their values can get
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#type-checking).
 */
import { boolType, bytesType, doubleType, durationType, dynType, intType, listOf, mapOf, stringType, structType, timestampType, type CelType } from '../cel/types.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { additionalOf, isEmbedded, isIntOrString, itemsOf, propertiesOf } from './schema.ts';

export interface DeclaredType {
  readonly type: CelType;
  /** Characters, items or entries of a value at most. */
  readonly maxSize: number;
  /** Bytes of the smallest value in JSON. */
  readonly minBytes: number;
  /** By the name that expressions use. */
  readonly fields?: ReadonlyMap<string, DeclaredField>;
  /** Of a list's items or a map's values. */
  readonly element?: DeclaredType;
}

export interface DeclaredField {
  /** As the object spells it. */
  readonly name: string;
  readonly type: DeclaredType;
}

/** What a request may have at most. */
const maxRequest = 3 * 1024 * 1024;
const longestText = maxRequest - 2;

const text: V1JSONSchemaProps = { type: 'string' };
const head: Readonly<Record<string, V1JSONSchemaProps>> = { kind: text, apiVersion: text, metadata: { type: 'object', properties: { name: text, generateName: text } } };

/** `isWhole`: the value has `apiVersion`, `kind` and the names in `metadata`, whatever its schema says. Undefined where expressions do not see it. */
export function declaredType(schema: V1JSONSchemaProps, isWhole = isEmbedded(schema), path = 'object'): DeclaredType | undefined {
  if (isIntOrString(schema)) return { type: dynType, maxSize: maxLength(schema) ?? longestText, minBytes: 1 };
  if (isWhole) return structOf({ ...schema, properties: { ...schema.properties, ...head } }, path);
  switch (schema.type) {
    case 'array':
      return listTypeOf(schema, path);
    case 'object':
      return additionalOf(schema) === undefined ? structOf(schema, path) : mapTypeOf(schema, path);
    case 'string':
      return textOf(schema);
    case 'boolean':
      return { type: boolType, maxSize: 0, minBytes: 4 };
    case 'number':
      return { type: doubleType, maxSize: 0, minBytes: 1 };
    case 'integer':
      return { type: intType, maxSize: 0, minBytes: 1 };
    default:
      return undefined;
  }
}

function maxLength({ maxLength: length }: V1JSONSchemaProps): number | undefined {
  return length === undefined ? undefined : Math.max(length, 0) * 4;
}

function textOf(schema: V1JSONSchemaProps): DeclaredType {
  switch (schema.format) {
    case 'byte':
      return { type: bytesType, maxSize: schema.maxLength === undefined ? longestText : Math.max(schema.maxLength, 0), minBytes: 2 };
    case 'duration':
      return { type: durationType, maxSize: 32, minBytes: 3 };
    case 'date':
      return { type: timestampType, maxSize: 12, minBytes: 12 };
    case 'date-time':
      return { type: timestampType, maxSize: 32, minBytes: 21 };
    default:
      return plainText(schema);
  }
}

function plainText(schema: V1JSONSchemaProps): DeclaredType {
  const choices = (schema.enum ?? []) as readonly unknown[];
  const longestChoice = choices.length === 0 ? longestText : Math.max(0, ...choices.map((choice) => (typeof choice === 'string' ? choice.length : 0)));
  return { type: stringType, maxSize: maxLength(schema) ?? longestChoice, minBytes: 2 };
}

function listTypeOf(schema: V1JSONSchemaProps, path: string): DeclaredType | undefined {
  const items = itemsOf(schema);
  const element = items === undefined ? undefined : declaredType(items, isEmbedded(items), `${path}.@idx`);
  if (element === undefined) return undefined;
  const maxSize = schema.maxItems === undefined ? Math.floor((maxRequest - 2) / (element.minBytes + 1)) : Math.max(schema.maxItems, 0);
  return { type: listOf(element.type), maxSize, minBytes: 2, element };
}

function mapTypeOf(schema: V1JSONSchemaProps, path: string): DeclaredType | undefined {
  const values = additionalOf(schema);
  const element = values === undefined ? undefined : declaredType(values, isEmbedded(values), `${path}.@elem`);
  if (element === undefined) return undefined;
  const maxSize = schema.maxProperties === undefined ? Math.floor((maxRequest - 2) / (element.minBytes + 6)) : Math.max(schema.maxProperties, 0);
  return { type: mapOf(stringType, element.type), maxSize, minBytes: 2, element };
}

function structOf(schema: V1JSONSchemaProps, path: string): DeclaredType {
  const fields = new Map<string, DeclaredField>();
  let minBytes = 2;
  for (const [name, property] of propertiesOf(schema)) {
    const type = declaredType(property, isEmbedded(property), `${path}.${name}`);
    if (type === undefined) continue;
    const spelled = escapedName(name);
    if (spelled !== undefined) fields.set(spelled, { name, type });
    if (schema.required?.includes(name) === true && property.default === undefined) minBytes += name.length + type.minBytes + 4;
  }
  const types = new Map(Array.from(fields, ([name, field]) => [name, field.type.type]));
  return { type: structType(path, types), maxSize: 0, minBytes, fields };
}

const reserved: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
]);
const escapes: Readonly<Record<string, string>> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** How expressions spell a field; undefined where they cannot. */
export function escapedName(name: string): string | undefined {
  if (!/^[a-zA-Z_.\-/][a-zA-Z0-9_.\-/]*$/.test(name)) return undefined;
  return reserved.has(name) ? `__${name}__` : name.replaceAll(/__|[-./]/g, (found) => escapes[found] ?? found);
}

/** What a path of an expression leads to: `['self', 'ports', '@items']`. */
export function typeAtPath(root: DeclaredType, [, ...path]: readonly string[]): DeclaredType | undefined {
  let type: DeclaredType | undefined = root;
  for (const step of path) {
    if (type === undefined) return undefined;
    type = step === '@items' || step === '@values' ? type.element : step === '@keys' ? keyType(type) : type.fields?.get(step)?.type;
  }
  return type;
}

function keyType({ type }: DeclaredType): DeclaredType | undefined {
  return type.kind === 'map' ? { type: stringType, maxSize: longestText, minBytes: 2 } : undefined;
}

/** How often a value of the type fits into one request. */
export function maxOccurrences({ minBytes }: DeclaredType): number {
  return Math.floor(maxRequest / (minBytes + 1));
}
