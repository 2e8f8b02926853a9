/** Scalars and the small messages that stand for scalars: times, quantities, numbers or texts, embedded JSON. */
import protobuf from 'protobufjs/minimal.js';
import type { ScalarName } from '../catalogue/schema.ts';

const { Reader, Writer } = protobuf;

/** The wire type of a scalar: varint, 64 bit, or length-delimited. */
export const wireTypes: Readonly<Record<ScalarName, 0 | 1 | 2>> = {
  bool: 0,
  int32: 0,
  int64: 0,
  float64: 1,
  string: 2,
  bytes: 2,
  quantity: 2,
  intOrString: 2,
  time: 2,
  microTime: 2,
  any: 2,
  object: 2,
};

/** Undefined where the bytes stand for no value, as an unset time does. */
export function readScalar(scalar: ScalarName, reader: protobuf.Reader): unknown {
  switch (scalar) {
    case 'bool':
      return reader.bool();
    case 'int32':
      return reader.int32();
    case 'int64':
      return Number(reader.int64());
    case 'float64':
      return reader.double();
    case 'string':
      return reader.string();
    case 'bytes':
      return toBase64(reader.bytes());
    case 'quantity':
      return fieldsOf(reader.bytes()).texts.get(1) ?? '0';
    case 'intOrString': {
      const { numbers, texts } = fieldsOf(reader.bytes());
      return numbers.get(1) === 1 ? (texts.get(3) ?? '') : (numbers.get(2) ?? 0);
    }
    case 'time':
    case 'microTime':
      return readTime(reader.bytes(), scalar === 'microTime');
    case 'any':
    case 'object': {
      const text = fieldsOf(reader.bytes()).texts.get(1);
      return text === undefined || text === '' ? undefined : JSON.parse(text);
    }
  }
}

export function writeScalar(scalar: ScalarName, value: any, writer: protobuf.Writer): void {
  switch (scalar) {
    case 'bool':
      writer.bool(value);
      return;
    case 'int32':
      writer.int32(value);
      return;
    case 'int64':
      writer.int64(value);
      return;
    case 'float64':
      writer.double(value);
      return;
    case 'string':
      writer.string(value);
      return;
    case 'bytes':
      writer.bytes(fromBase64(value));
      return;
    case 'quantity':
      writer.bytes(Writer.create().uint32(10).string(String(value)).finish());
      return;
    case 'intOrString':
      writer.bytes(
        typeof value === 'number'
          ? Writer.create().uint32(8).int64(0).uint32(16).int32(value).uint32(26).string('').finish()
          : Writer.create().uint32(8).int64(1).uint32(16).int32(0).uint32(26).string(value).finish(),
      );
      return;
    case 'time':
    case 'microTime':
      writer.bytes(timeBytes(value));
      return;
    case 'any':
    case 'object':
      writer.bytes(Writer.create().uint32(10).string(JSON.stringify(value)).finish());
  }
}

/** The fields of a small message: numbers as numbers, the rest as text. */
function fieldsOf(bytes: Uint8Array): { readonly numbers: ReadonlyMap<number, number>; readonly texts: ReadonlyMap<number, string> } {
  const reader = Reader.create(bytes);
  const numbers = new Map<number, number>();
  const texts = new Map<number, string>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 0) numbers.set(tag >>> 3, Number(reader.int64()));
    else if ((tag & 7) === 2) texts.set(tag >>> 3, reader.string());
    else reader.skipType(tag & 7);
  }
  return { numbers, texts };
}

function readTime(bytes: Uint8Array, micro: boolean): string | undefined {
  if (bytes.length === 0) return undefined;
  const { numbers } = fieldsOf(bytes);
  const text = new Date((numbers.get(1) ?? 0) * 1000).toISOString();
  const fraction = micro ? `.${String(Math.trunc((numbers.get(2) ?? 0) / 1000)).padStart(6, '0')}` : '';
  return `${text.slice(0, 19)}${fraction}Z`;
}

function timeBytes(text: string): Uint8Array {
  const seconds = Math.floor(Date.parse(text) / 1000);
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const nanos = Number(fraction.padEnd(9, '0').slice(0, 9));
  return Writer.create().uint32(8).int64(seconds).uint32(16).int32(nanos).finish();
}

function toBase64(bytes: Uint8Array): string {
  return protobuf.util.base64.encode(bytes, 0, bytes.length);
}

function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(protobuf.util.base64.length(text));
  protobuf.util.base64.decode(text, bytes, 0);
  return bytes;
}
