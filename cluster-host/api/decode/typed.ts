/**
 * Turns a parsed document into an object of a schema as Go's JSON decoder does, and so as the API server does: unknown
 * fields are dropped and reported, null is the zero value, what is empty and optional is left out, what is required is there.
 */
import type { Field, ListType, MapType, ScalarType, StructType, Type } from '../catalogue/schema.ts';
import type { Path } from '../field-error.ts';
import { formatPath } from '../field-errors.ts';
import type { Result } from '../result.ts';
import { quote } from '../text.ts';
import { isObject, setKey, type JsonObject } from '../values.ts';
import type { ParsedDocument } from './parsed.ts';
import { decodeBase64, decodeQuantity, decodeTime } from './scalars.ts';

export interface DecodeProblem {
  readonly path: Path;
  /** `unknown` and `duplicate` matter to strict decoding only. Where several others occur the API server reports one of them. */
  readonly kind: 'unknown' | 'duplicate' | 'type' | 'value';
  /** In the API server's words. */
  readonly message: string;
}

export interface Decoded {
  /** As far as it could be decoded. */
  readonly value: any;
  /** In the document's order. */
  readonly problems: readonly DecodeProblem[];
}

export function decode(document: ParsedDocument, type: Type): Decoded {
  const decoder = new Decoder(document);
  const value = decoder.decode(document.value, type, undefined, '');
  return { value: value === undefined ? zeroItem(type) : value, problems: decoder.problems };
}

/** The error that the API server gives for a document that it cannot decode at all. A bad value ends decoding there; of wrong types the first is told. */
export function decodeError(problems: readonly DecodeProblem[]): string | undefined {
  return (problems.find((problem) => problem.kind === 'value') ?? problems.find((problem) => problem.kind === 'type'))?.message;
}

/** What strict decoding objects to: the texts after `strict decoding error: `. */
export function strictProblems(problems: readonly DecodeProblem[]): readonly string[] {
  const messages = problems.filter((problem) => problem.kind === 'unknown' || problem.kind === 'duplicate').map((problem) => problem.message);
  return [...new Set(messages)].slice(0, 100);
}

/**
 * The value of a field that is written though it was never set: empty, as its type promises. Where Go would write null for a
 * list or map, objects in memory have an empty one (`wireForm` writes the null); times and untyped values stay undefined.
 */
export function zeroValue(type: Type): unknown {
  if (type.kind === 'struct') return completed({}, type);
  if (type.kind === 'list') return [];
  if (type.kind === 'map') return {};
  switch (type.scalar) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'float64':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'bytes':
    case 'time':
    case 'microTime':
    case 'any':
    case 'object':
      return undefined;
  }
}

/** The value of a list's or map's item that is null. */
function zeroItem(type: Type): unknown {
  return type.kind === 'scalar' && type.scalar === 'bytes' ? '' : (zeroValue(type) ?? null);
}

/** Adds the fields that are written even when they are not set. */
function completed(object: JsonObject, type: StructType): JsonObject {
  for (const field of type.fields.values()) {
    if (field.name in object || field.pointer || !isAlwaysWritten(field)) continue;
    const zero = zeroValue(field.type);
    if (zero !== undefined) object[field.name] = zero;
  }
  return object;
}

/** Go leaves out empty texts, numbers, lists and maps of optional fields, but never a struct. */
function isAlwaysWritten(field: Field): boolean {
  if (!field.omitEmpty) return true;
  return field.type.kind === 'struct' || (field.type.kind === 'scalar' && ['intOrString', 'quantity'].includes(field.type.scalar));
}

function isEmpty(value: unknown, name: string): boolean {
  // An empty list of managers is a request: to track fields no longer.
  if (Array.isArray(value)) return value.length === 0 && name !== 'managedFields';
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === '' || value === 0 || value === false;
}

class Decoder {
  readonly problems: DecodeProblem[] = [];
  private readonly document: ParsedDocument;
  /** Steps to the value at hand, for positions and strict errors. */
  private readonly path: (string | number)[] = [];
  /** Fields to it, without positions and map keys, as type errors print them. */
  private readonly fields: Field[] = [];
  /** The innermost struct around it. */
  private struct: StructType | undefined;

  constructor(document: ParsedDocument) {
    this.document = document;
  }

  /** The decoded value, or undefined where the zero value applies. */
  decode(value: unknown, type: Type, container: object | undefined, key: string | number): unknown {
    switch (type.kind) {
      case 'struct':
        return this.decodeStruct(value, type);
      case 'list':
        return this.decodeList(value, type);
      case 'map':
        return this.decodeMap(value, type);
      case 'scalar':
        return this.decodeScalar(value, type, container, key);
    }
  }

  private decodeStruct(value: unknown, type: StructType): unknown {
    if (value === null || value === undefined) return undefined;
    if (!isObject(value)) return this.wrongType(value, type.goType);
    const result: JsonObject = {};
    const outerStruct = this.struct;
    for (const [key, raw] of Object.entries(value)) {
      const field = type.fields.get(key);
      this.path.push(key);
      if (field === undefined) this.report('unknown', `unknown field ${quote(formatPath(this.path))}`);
      else {
        this.struct = type;
        this.fields.push(field);
        this.decodeField(result, field, raw, value);
        this.fields.pop();
      }
      this.path.pop();
    }
    this.struct = outerStruct;
    this.reportDuplicates(value, (key) => type.fields.has(key));
    return completed(result, type);
  }

  private decodeField(result: JsonObject, field: Field, raw: unknown, container: JsonObject): void {
    const decoded = this.decode(raw, field.type, container, field.name);
    if (field.pointer && raw === null) return;
    const value = decoded === undefined && (field.pointer || isAlwaysWritten(field)) ? zeroValue(field.type) : decoded;
    if (value === undefined || (field.omitEmpty && !field.pointer && !isAlwaysWritten(field) && isEmpty(value, field.name))) return;
    result[field.name] = value;
  }

  private decodeList(value: unknown, type: ListType): unknown {
    if (value === null || value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrongType(value, type.goType);
    return value.map((item: unknown, index) => {
      this.path.push(index);
      const decoded = this.decode(item, type.item, value, index);
      this.path.pop();
      return decoded === undefined ? zeroItem(type.item) : decoded;
    });
  }

  private decodeMap(value: unknown, type: MapType): unknown {
    if (value === null || value === undefined) return undefined;
    if (!isObject(value)) return this.wrongType(value, type.goType);
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      this.path.push(key);
      const decoded = this.decode(item, type.value, value, key);
      setKey(result, key, decoded === undefined ? zeroItem(type.value) : decoded);
      this.path.pop();
    }
    this.reportDuplicates(value, () => true);
    return result;
  }

  private decodeScalar(value: unknown, type: ScalarType, container: object | undefined, key: string | number): unknown {
    if (value === null || value === undefined) return undefined;
    switch (type.scalar) {
      case 'any':
        return this.untyped(value);
      case 'object':
        return isObject(value) ? this.untyped(value) : this.badValue(`json: cannot unmarshal ${described(value)} into Go value of type map[string]interface {}`);
      case 'quantity':
        return this.checked(decodeQuantity(typeof value === 'number' ? this.literal(value, container, key) : typeof value === 'string' ? value : '?'));
      case 'string':
        return typeof value === 'string' ? value : this.wrongType(value, type.goType);
      case 'bool':
        return typeof value === 'boolean' ? value : this.wrongType(value, type.goType);
      case 'float64':
        return typeof value === 'number' ? value : this.wrongType(value, type.goType);
      case 'int32':
      case 'int64':
        return typeof value === 'number' ? this.integer(this.literal(value, container, key), type) : this.wrongType(value, type.goType);
      case 'bytes':
        return typeof value === 'string' ? this.bytes(value) : this.wrongType(value, type.goType);
      case 'intOrString':
        return this.intOrString(value, container, key);
      case 'time':
      case 'microTime':
        if (typeof value !== 'string') return this.badValue(this.mismatch(described(value), 'string'));
        return this.checked(decodeTime(value, type.scalar === 'microTime'));
    }
  }

  /** A number as the document spells it. */
  private literal(value: number, container: object | undefined, key: string | number): string {
    return (container === undefined ? undefined : this.document.numbers.get(container)?.get(key)) ?? String(value);
  }

  /** A value without a schema is taken as it is; only doubled keys are seen. */
  private untyped(value: unknown): unknown {
    if (this.document.duplicates.size > 0 && typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        this.path.push(Array.isArray(value) ? Number(key) : key);
        this.untyped(item);
        this.path.pop();
      }
      this.reportDuplicates(value, () => true);
    }
    return value;
  }

  private integer(text: string, type: ScalarType): number | undefined {
    const value = /^-?[0-9]+$/.test(text) ? BigInt(text) : undefined;
    if (value !== undefined && value === BigInt.asIntN(type.scalar === 'int32' ? 32 : 64, value)) return Number(value);
    this.report('type', this.mismatch(`number ${text}`, type.goType));
    return undefined;
  }

  private intOrString(value: unknown, container: object | undefined, key: string | number): unknown {
    if (typeof value === 'string') return value;
    if (typeof value !== 'number') return this.badValue(this.mismatch(described(value), 'int32'));
    const text = this.literal(value, container, key);
    if (/^-?[0-9]+$/.test(text) && value === Math.trunc(value) && Math.abs(value) < 2 ** 31) return value;
    return this.badValue(this.mismatch(`number ${text}`, 'int32'));
  }

  private bytes(text: string): string | undefined {
    const decoded = decodeBase64(text);
    if (decoded.ok) return decoded.value;
    this.report('type', decoded.error);
    return undefined;
  }

  private checked(result: Result<string>): string | undefined {
    return result.ok ? result.value : this.badValue(result.error);
  }

  private wrongType(value: unknown, goType: string): undefined {
    this.report('type', this.mismatch(described(value), goType));
  }

  private badValue(message: string): undefined {
    this.report('value', message);
  }

  private mismatch(found: string, goType: string): string {
    const structName = this.struct?.goType.replace(/^[^.]*\./, '') ?? '';
    const names = this.fields.flatMap((field) => [...field.embeddedIn, field.name]);
    const into = names.length === 0 ? 'Go value' : `Go struct field ${structName}.${names.join('.')}`;
    return `json: cannot unmarshal ${found} into ${into} of type ${goType}`;
  }

  private reportDuplicates(container: object, counts: (key: string) => boolean): void {
    for (const key of this.document.duplicates.get(container) ?? []) {
      if (!counts(key)) continue;
      this.path.push(key);
      this.report('duplicate', `duplicate field ${quote(formatPath(this.path))}`);
      this.path.pop();
    }
  }

  private report(kind: DecodeProblem['kind'], message: string): void {
    this.problems.push({ path: [...this.path], kind, message });
  }
}

/** A value as Go's decoder names it. */
function described(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
