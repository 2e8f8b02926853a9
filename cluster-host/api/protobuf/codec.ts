/**
 * Kubernetes' protobuf form of built-in objects, both ways, over the schema catalogue.
 *
 * A decoded object is what the same object would be as JSON: zero values of fields that JSON leaves out are left out. Unknown
 * fields are skipped, as protobuf wants it.
 */
import protobuf from 'protobufjs/minimal.js';
import { kindType, modelType } from '../catalogue/catalogue.ts';
import type { Field, ListType, MapType, StructType, Type } from '../catalogue/schema.ts';
import { parseApiVersion, type KubeList, type KubeObject } from '../object.ts';
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';
import { choices, schemaModel, type Choice } from './choices.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { isLayout, layoutOf, type Layout } from './layouts.ts';
import { readScalar, wireTypes, writeScalar } from './scalars.ts';

const { Reader, Writer } = protobuf;

/** The object in the bytes, with its apiVersion and kind. */
export function decodeProtobuf(bytes: Uint8Array): Result<KubeObject> {
  try {
    const { apiVersion, kind, raw } = openEnvelope(bytes);
    const type = typeOf(apiVersion, kind);
    if (type === undefined) return failed(`no kind "${kind}" is registered for version "${apiVersion}"`);
    return ok({ ...readStruct(type, raw), apiVersion, kind });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** Undefined for kinds without a protobuf form, such as custom resources. */
export function encodeProtobuf(object: KubeObject): Uint8Array | undefined {
  const { apiVersion = '', kind = '' } = object;
  const raw = encodeMessage(object);
  return raw === undefined ? undefined : sealEnvelope({ apiVersion, kind, raw });
}

/** The object without its envelope, as it lies in a list; undefined for kinds without a protobuf form. */
export function encodeMessage(object: KubeObject): Uint8Array | undefined {
  const layout = objectLayout(object.apiVersion ?? '', object.kind ?? '');
  if (layout === undefined) return undefined;
  const writer = Writer.create();
  writeFields(layout, object, writer);
  return writer.finish();
}

export function hasProtobufForm(apiVersion: string, kind: string): boolean {
  return objectLayout(apiVersion, kind) !== undefined;
}

function objectLayout(apiVersion: string, kind: string): Layout | undefined {
  const type = typeOf(apiVersion, kind);
  return type === undefined ? undefined : layoutOf(type);
}

/** A list: its metadata is field 1 and every item field 2 of its message, whatever its kind. */
export function encodeProtobufList({ apiVersion = '', kind = '', metadata }: Omit<KubeList, 'items'>, items: readonly Uint8Array[]): Uint8Array {
  const writer = Writer.create();
  const listMeta = modelType('V1ListMeta');
  if (listMeta === undefined) throw new Error('the catalogue has no V1ListMeta');
  writeMessage(1, writer, (inner) => writeFields(layoutFor(listMeta), metadata, inner));
  for (const item of items) writer.uint32(18).bytes(item);
  return sealEnvelope({ apiVersion, kind, raw: writer.finish() });
}

const lengthBytes = 4;

/** One event of a watch: its length in four bytes, then a WatchEvent around the object's envelope. */
export function encodeWatchFrame(type: string, object: Uint8Array): Uint8Array {
  const raw = Writer.create().uint32(10).bytes(object).finish();
  const event = Writer.create().uint32(10).string(type).uint32(18).bytes(raw).finish();
  const frame = new Uint8Array(lengthBytes + event.length);
  new DataView(frame.buffer).setUint32(0, event.length);
  frame.set(event, lengthBytes);
  return frame;
}

/** Kinds that every group and version has. */
const commonKinds: Readonly<Record<string, string>> = { DeleteOptions: 'V1DeleteOptions', Status: 'V1Status' };

function typeOf(apiVersion: string, kind: string): StructType | undefined {
  const version = parseApiVersion(apiVersion);
  return version === undefined ? undefined : (kindType({ ...version, kind }) ?? modelType(commonKinds[kind] ?? ''));
}

function layoutFor(type: StructType): Layout {
  const layout = layoutOf(type);
  if (layout === undefined) throw new Error(`${type.goType} has no protobuf form`);
  return layout;
}

function readStruct(type: StructType, bytes: Uint8Array): KubeObject {
  const object: KubeObject = {};
  readFields(layoutFor(type), bytes, object);
  return object;
}

function readFields(layout: Layout, bytes: Uint8Array, object: KubeObject): void {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const entry = layout.fields.get(tag >>> 3);
    if (entry === undefined) reader.skipType(tag & 7);
    else if (isLayout(entry)) readFields(entry, reader.bytes(), object);
    else readField(entry, reader, object);
  }
}

function readField({ name, type, pointer, omitEmpty }: Field, reader: protobuf.Reader, object: KubeObject): void {
  if (type.kind === 'list') {
    (object[name] ??= []).push(readValue(type.item, reader));
  } else if (type.kind === 'map') {
    readEntry(type, reader.bytes(), (object[name] ??= {}));
  } else {
    const value = readValue(type, reader);
    const absent = value === undefined || (omitEmpty && !pointer && (value === '' || value === 0 || value === false));
    if (!absent) object[name] = value;
  }
}

function readValue(type: Type, reader: protobuf.Reader): unknown {
  if (type.kind === 'scalar') {
    const choice = choices[type.goType];
    return choice === undefined ? readScalar(type.scalar, reader) : readChoice(choice, reader.bytes());
  }
  const bytes = reader.bytes();
  return type.kind === 'struct' ? readStruct(type, bytes) : readWrapped(type, bytes);
}

function readChoice({ other, is, schema }: Choice, bytes: Uint8Array): unknown {
  const reader = Reader.create(bytes);
  const list: unknown[] = [];
  let single: unknown = is === 'flag' ? false : undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === schema) single = readStruct(schemaType(), reader.bytes());
    else if (tag >>> 3 !== other) reader.skipType(tag & 7);
    else if (is === 'flag') single = reader.bool() || single;
    else list.push(is === 'texts' ? reader.string() : readStruct(schemaType(), reader.bytes()));
  }
  return single ?? list;
}

function writeChoice({ other, is, schema }: Choice, value: any, writer: protobuf.Writer): void {
  const schemaOf = (item: KubeObject, number: number): void => writeMessage(number, writer, (inner) => writeFields(layoutFor(schemaType()), item, inner));
  if (typeof value === 'boolean') writer.uint32(other << 3).bool(value);
  else if (!Array.isArray(value)) {
    if (is === 'flag') writer.uint32(other << 3).bool(true);
    schemaOf(value, schema);
  } else if (is === 'texts') for (const text of value) writer.uint32((other << 3) | 2).string(text);
  else for (const item of value) schemaOf(item, other);
}

function schemaType(): StructType {
  const type = modelType(schemaModel);
  if (type === undefined) throw new Error(`the catalogue has no ${schemaModel}`);
  return type;
}

/** A list or map that is a value of a map lies in a message of its own, as field 1. */
function readWrapped(type: ListType | MapType, bytes: Uint8Array): unknown {
  const object: KubeObject = {};
  readFields({ fields: new Map([[1, wrapped(type)]]) }, bytes, object);
  return object.items ?? (type.kind === 'list' ? [] : {});
}

function wrapped(type: Type): Field {
  return { name: 'items', type, required: false, pointer: false, omitEmpty: true, embeddedIn: [], patchStrategies: [] };
}

function readEntry(type: MapType, bytes: Uint8Array, map: KubeObject): void {
  const reader = Reader.create(bytes);
  let key = '';
  let value: unknown = emptyValue(type.value);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else if (tag >>> 3 === 2) value = readValue(type.value, reader);
    else reader.skipType(tag & 7);
  }
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
}

function emptyValue(type: Type): unknown {
  if (type.kind === 'list') return [];
  return type.kind === 'scalar' && (type.scalar === 'string' || type.scalar === 'bytes') ? '' : {};
}

function writeFields(layout: Layout, object: KubeObject, writer: protobuf.Writer): void {
  for (const [number, entry] of layout.fields) {
    if (isLayout(entry)) writeMessage(number, writer, (inner) => writeFields(entry, object, inner));
    else if (object[entry.name] !== undefined && object[entry.name] !== null) writeField(number, entry.type, object[entry.name], writer);
  }
}

function writeField(number: number, type: Type, value: any, writer: protobuf.Writer): void {
  if (type.kind === 'list') {
    for (const item of value) writeValue(number, type.item, item, writer);
  } else if (type.kind === 'map') {
    for (const [key, item] of Object.entries(value)) {
      writeMessage(number, writer, (entry) => {
        entry.uint32(10).string(key);
        if (item !== undefined && item !== null) writeValue(2, type.value, item, entry);
      });
    }
  } else {
    writeValue(number, type, value, writer);
  }
}

function writeValue(number: number, type: Type, value: any, writer: protobuf.Writer): void {
  switch (type.kind) {
    case 'scalar': {
      const choice = choices[type.goType];
      if (choice !== undefined) {
        writeMessage(number, writer, (inner) => writeChoice(choice, value, inner));
        return;
      }
      writer.uint32((number << 3) | wireTypes[type.scalar]);
      writeScalar(type.scalar, value, writer);
      return;
    }
    case 'struct':
      writeMessage(number, writer, (inner) => writeFields(layoutFor(type), value, inner));
      return;
    case 'list':
    case 'map':
      writeMessage(number, writer, (inner) => writeField(1, type, value, inner));
  }
}

function writeMessage(number: number, writer: protobuf.Writer, write: (inner: protobuf.Writer) => void): void {
  writer.uint32((number << 3) | 2).fork();
  write(writer);
  writer.ldelim();
}
