/**
 * Schemas of Kubernetes values: what decoding, patches and server-side apply need to know about a field.
 *
 * Built-in kinds have theirs from the catalogue; whoever serves other kinds (CustomResourceDefinitions) makes the same
 * structures from theirs. Types may refer to themselves: a struct's fields are read when they are first asked for.
 */

export type ScalarName =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float64'
  /** Base64 text. */
  | 'bytes'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  /** Any JSON value. */
  | 'any'
  /** Any JSON object. */
  | 'object';

interface TypeBase {
  /** The type's name in the API server's decoding errors: `[]v1.Container`, `v1.PullPolicy`. */
  readonly goType: string;
}

export interface ScalarType extends TypeBase {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
  /** The values that Kubernetes lists for the type. Advice for people: validation decides. */
  readonly values?: readonly string[];
}

export interface ListType extends TypeBase {
  readonly kind: 'list';
  readonly item: Type;
  /** How owners share the list (`x-kubernetes-list-type`). */
  readonly merge: 'atomic' | 'set' | 'map';
  /** Fields that identify an item of a `map` list. */
  readonly keys: readonly string[];
}

export interface MapType extends TypeBase {
  readonly kind: 'map';
  readonly value: Type;
  readonly atomic: boolean;
}

export interface StructType extends TypeBase {
  readonly kind: 'struct';
  /** Owned as a whole (`x-kubernetes-map-type: atomic`). */
  readonly atomic: boolean;
  /** The model whose fields these are, where a field owns it otherwise than the model says. */
  readonly like?: string;
  readonly fields: ReadonlyMap<string, Field>;
}

export type Type = ScalarType | ListType | MapType | StructType;

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** As the OpenAPI document says; validation decides what must really be there. */
  readonly required: boolean;
  /** An unset value differs from a zero value. */
  readonly pointer: boolean;
  /** An empty value is left out when the object is written. */
  readonly omitEmpty: boolean;
  /** The Go structs between this one and the field, which decoding errors name: `VolumeSource`. */
  readonly embeddedIn: readonly string[];
  /** Strategic merge patch: `merge`, `replace`, `retainKeys`. */
  readonly patchStrategies: readonly string[];
  readonly patchMergeKey?: string;
  /** A default that belongs to the schema itself, such as the protocol of a port, which is part of its identity. */
  readonly default?: unknown;
}

/** A field's type below a path of names and positions; undefined where the schema has no such field. */
export function typeAt(type: Type, path: readonly (string | number)[]): Type | undefined {
  let current: Type | undefined = type;
  for (const step of path) {
    if (current === undefined) return undefined;
    if (current.kind === 'list') current = typeof step === 'number' ? current.item : undefined;
    else if (current.kind === 'map') current = current.value;
    else if (current.kind === 'struct') current = current.fields.get(String(step))?.type;
    else return current.scalar === 'any' || current.scalar === 'object' ? current : undefined;
  }
  return current;
}
