/** Types of CEL (https://github.com/google/cel-spec/blob/master/doc/langdef.md#types), and how errors spell them. */

export type CelKind =
  | 'dyn' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'timestamp' | 'duration'
  | 'list' | 'map' | 'struct' | 'opaque' | 'type' | 'parameter' | 'error';

export interface CelType {
  readonly kind: CelKind;
  /** What errors call it; of a struct or an opaque type, what it is known by. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** Fields of a struct, by the name that expressions use. */
  readonly fields?: ReadonlyMap<string, CelType>;
}

function simple(kind: CelKind, name: string = kind): CelType {
  return { kind, name, parameters: [] };
}

export const dynType = simple('dyn');
export const nullType = simple('null');
export const boolType = simple('bool');
export const intType = simple('int');
export const uintType = simple('uint');
export const doubleType = simple('double');
export const stringType = simple('string');
export const bytesType = simple('bytes');
export const timestampType = simple('timestamp');
export const durationType = simple('duration');
export const errorType = simple('error', '!error!');

export const listOf = (item: CelType): CelType => ({ kind: 'list', name: 'list', parameters: [item] });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', name: 'map', parameters: [key, value] });
export const optionalOf = (value: CelType): CelType => ({ kind: 'opaque', name: 'optional_type', parameters: [value] });
export const typeOf = (of: CelType): CelType => ({ kind: 'type', name: 'type', parameters: [of] });
export const parameterType = (name: string): CelType => simple('parameter', name);
export const opaqueType = (name: string): CelType => simple('opaque', name);
export const structType = (name: string, fields: ReadonlyMap<string, CelType> = new Map()): CelType => ({ kind: 'struct', name, parameters: [], fields });

/** `map(string, list(int))`. */
export function formatType({ name, parameters }: CelType): string {
  return parameters.length === 0 ? name : `${name}(${parameters.map(formatType).join(', ')})`;
}

export function sameType(a: CelType, b: CelType): boolean {
  return a === b || (a.kind === b.kind && a.name === b.name && a.parameters.length === b.parameters.length && a.parameters.every((one, index) => sameType(one, b.parameters[index] ?? errorType)));
}

export function isOptional({ kind, name }: CelType): boolean {
  return kind === 'opaque' && name === 'optional_type';
}

/** The type inside an optional one; any other as it is. */
export function unwrapOptional(type: CelType): CelType {
  return isOptional(type) ? itemOf(type) : type;
}

/** The first parameter: items of a list, keys of a map. */
export function itemOf({ parameters: [item = dynType] }: CelType): CelType {
  return item;
}

/** Values of a map. */
export function valueOf({ parameters: [, value = dynType] }: CelType): CelType {
  return value;
}

export function isAny({ kind }: CelType): boolean {
  return kind === 'dyn' || kind === 'error';
}
