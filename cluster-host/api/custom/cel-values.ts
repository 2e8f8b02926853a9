/** Values of custom resources as CEL sees them, typed by their schema; made when they are asked for. */
import { parseDuration, parseTimestamp } from '../cel/library/time.ts';
import type { CelType } from '../cel/types.ts';
import { CelList, CelMap, fromJson, type Association } from '../cel/values.ts';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { canonicalJson, isObject, type JsonObject } from '../values.ts';
import type { DeclaredType } from './declared-types.ts';
import { hasFormat } from './formats.ts';
import { additionalOf, isIntOrString, itemsOf, propertyOf } from './schema.ts';

export function celValue(value: unknown, schema: V1JSONSchemaProps, { type, fields, element }: DeclaredType): unknown {
  if (typeof value === 'number') return schema.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === 'string') return isIntOrString(schema) ? value : textValue(value, schema.format);
  if (Array.isArray(value)) return element === undefined ? fromJson(value) : listValue(value, schema, element);
  if (!isObject(value)) return value;
  if (fields !== undefined) return new DeclaredObject(value, schema, type, fields);
  const values = additionalOf(schema);
  return element === undefined || values === undefined ? fromJson(value) : new DeclaredMap(value, values, element, type);
}

function textValue(value: string, format: string | undefined): unknown {
  switch (format) {
    case 'date':
      return parseTimestamp(`${value}T00:00:00Z`) ?? value;
    case 'date-time':
      return parseTimestamp(value) ?? value;
    case 'duration':
      return parseDuration(value) ?? value;
    case 'byte':
      return hasFormat(value, format) ? Uint8Array.from(atob(value), (character) => character.charCodeAt(0)) : value;
    default:
      return value;
  }
}

function listValue(items: readonly unknown[], schema: V1JSONSchemaProps, element: DeclaredType): CelList {
  const inner = itemsOf(schema) ?? {};
  return new CelList(items.map((item) => celValue(item, inner, element)), associationOf(schema));
}

/** Sets and maps in lists are compared and joined by what tells their items apart. */
function associationOf(schema: V1JSONSchemaProps): Association | undefined {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return { type, keyOf: (item) => keyOf(item) };
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return type === 'map' ? { type, keyOf: (item) => (item instanceof CelMap ? keys.map((key) => keyOf(item.get(key))).join(' ') : keyOf(item)) } : undefined;
}

function keyOf(item: unknown): string {
  if (item instanceof DeclaredObject) return canonicalJson(item.object);
  return typeof item === 'string' ? JSON.stringify(item) : String(item);
}

/** An object with declared fields; others are not seen. */
class DeclaredObject extends CelMap {
  readonly object: JsonObject;
  readonly #schema: V1JSONSchemaProps;
  readonly #type: CelType;
  readonly #fields: NonNullable<DeclaredType['fields']>;

  constructor(object: JsonObject, schema: V1JSONSchemaProps, type: CelType, fields: NonNullable<DeclaredType['fields']>) {
    super();
    this.object = object;
    this.#schema = schema;
    this.#type = type;
    this.#fields = fields;
  }

  override get type(): CelType {
    return this.#type;
  }

  get size(): number {
    return this.keys().length;
  }

  get(key: unknown): unknown {
    const field = typeof key === 'string' ? this.#fields.get(key) : undefined;
    if (field === undefined || !Object.hasOwn(this.object, field.name)) return undefined;
    return celValue(this.object[field.name], propertyOf(this.#schema, field.name) ?? {}, field.type);
  }

  keys(): readonly string[] {
    return Array.from(this.#fields).flatMap(([key, { name }]) => (Object.hasOwn(this.object, name) ? [key] : []));
  }
}

class DeclaredMap extends CelMap {
  readonly #object: JsonObject;
  readonly #values: V1JSONSchemaProps;
  readonly #element: DeclaredType;
  readonly #type: CelType;

  constructor(object: JsonObject, values: V1JSONSchemaProps, element: DeclaredType, type: CelType) {
    super();
    this.#object = object;
    this.#values = values;
    this.#element = element;
    this.#type = type;
  }

  override get type(): CelType {
    return this.#type;
  }

  get size(): number {
    return Object.keys(this.#object).length;
  }

  get(key: unknown): unknown {
    return typeof key === 'string' && Object.hasOwn(this.#object, key) ? celValue(this.#object[key], this.#values, this.#element) : undefined;
  }

  keys(): readonly string[] {
    return Object.keys(this.#object);
  }
}
