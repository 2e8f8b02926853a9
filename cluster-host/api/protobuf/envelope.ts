/**
 * The frame around every protobuf object of Kubernetes: a magic number, then a message with the object's type and its bytes
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding).
 */
import protobuf from 'protobufjs/minimal.js';

const { Reader, Writer } = protobuf;
const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

/** Throws a RangeError or Error of the reader on bytes that are no envelope. */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (magic.some((byte, index) => bytes[index] !== byte)) throw new Error('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const reader = Reader.create(bytes.subarray(magic.length));
  let [apiVersion, kind, raw] = ['', '', new Uint8Array()];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) [apiVersion, kind] = readTypeMeta(reader.bytes());
    else if (tag >>> 3 === 2) raw = reader.bytes() as Uint8Array<ArrayBuffer>;
    else reader.skipType(tag & 7);
  }
  return { apiVersion, kind, raw };
}

function readTypeMeta(bytes: Uint8Array): [string, string] {
  const reader = Reader.create(bytes);
  const meta: [string, string] = ['', ''];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = tag >>> 3;
    if (field === 1 || field === 2) meta[field - 1] = reader.string();
    else reader.skipType(tag & 7);
  }
  return meta;
}

export function sealEnvelope({ apiVersion, kind, raw }: Envelope): Uint8Array {
  const meta = Writer.create().uint32(10).string(apiVersion).uint32(18).string(kind).finish();
  const body = Writer.create().uint32(10).bytes(meta).uint32(18).bytes(raw).uint32(26).string('').uint32(34).string('').finish();
  const sealed = new Uint8Array(magic.length + body.length);
  sealed.set(magic);
  sealed.set(body, magic.length);
  return sealed;
}
