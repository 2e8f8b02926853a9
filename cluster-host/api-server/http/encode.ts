/** Bytes of answers: cached encodings one after the other, or objects encoded now; pretty, as YAML or in protobuf where asked. */
import type { KubeObject } from '../../api/object.ts';
import { encodeProtobuf, encodeProtobufList, hasProtobufForm } from '../../api/protobuf/codec.ts';
import { notAcceptable } from '../failure.ts';
import { mediaTypes, type Accepted, type Media } from '../negotiation/accept.ts';
import { toYaml } from '../negotiation/yaml.ts';
import { ObjectVersion, onWire } from '../registry/object-version.ts';
import type { Answer, AnswerList } from '../request.ts';

export interface Encoding {
  readonly media: Media;
  readonly pretty: boolean;
}

export interface EncodedBody {
  readonly contentType: string;
  /** To be sent one after the other. */
  readonly parts: readonly Uint8Array[];
}

/** Throws 406 where a client takes protobuf alone and the kind has no such form. */
export function mediaFor({ media, fallback }: Accepted, answer: Answer): Media {
  if (media !== 'protobuf' || hasProtobuf(answer)) return media;
  if (fallback === undefined) throw notAcceptable([mediaTypes.json, mediaTypes.yaml]);
  return fallback;
}

function hasProtobuf(answer: Answer): boolean {
  if (answer.type === 'watch') return hasProtobufForm(answer.apiVersion, answer.kind);
  if (answer.type === 'list') return hasProtobufForm(answer.list.apiVersion, answer.list.kind.replace(/List$/, ''));
  if (answer.type !== 'object') return true;
  const { apiVersion = '', kind = '' } = answer.object instanceof ObjectVersion ? answer.object.object : answer.object;
  return hasProtobufForm(apiVersion, kind);
}

export function encodeObject(object: ObjectVersion | KubeObject, encoding: Encoding): EncodedBody {
  const plain = object instanceof ObjectVersion ? object.object : object;
  if (encoding.media === 'json' && !encoding.pretty && object instanceof ObjectVersion) return json([object.json(), lineEnd]);
  if (encoding.media === 'protobuf') return protobuf(object instanceof ObjectVersion ? object.protobuf() : encodeProtobuf(object));
  return encodeValue(onWire(plain), encoding);
}

function protobuf(bytes: Uint8Array | undefined): EncodedBody {
  return { contentType: mediaTypes.protobuf, parts: bytes === undefined ? [] : [bytes] };
}

function encodeValue(value: unknown, { media, pretty }: Encoding): EncodedBody {
  if (media === 'yaml') return { contentType: mediaTypes.yaml, parts: [Buffer.from(toYaml(value))] };
  return json([Buffer.from(`${JSON.stringify(value, undefined, pretty ? 2 : undefined)}\n`)]);
}

function json(parts: readonly Uint8Array[]): EncodedBody {
  return { contentType: mediaTypes.json, parts };
}

const lineEnd = Buffer.from('\n');
const openFirst = Buffer.from('{');
const openNext = Buffer.from(',{');
const end = Buffer.from(']}\n');

/** A list's items say nothing of kind and version: those are the list's. */
export function encodeList({ kind, apiVersion, metadata, items }: AnswerList, encoding: Encoding): EncodedBody {
  if (encoding.media === 'protobuf') return protobuf(encodeProtobufList({ kind, apiVersion, metadata }, items.map((item) => item.message())));
  if (encoding.media !== 'json' || encoding.pretty) {
    const plain = items.map(({ object }) => {
      const { kind: _kind, apiVersion: _apiVersion, ...rest } = onWire(object);
      return rest;
    });
    return encodeValue({ kind, apiVersion, metadata, items: plain }, encoding);
  }
  const parts: Uint8Array[] = [Buffer.from(`${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`)];
  const typeLength = items[0] === undefined ? 0 : typePrefixLength(items[0]);
  for (const [index, item] of items.entries()) {
    parts.push(index === 0 ? openFirst : openNext, item.json().subarray(typeLength));
  }
  parts.push(end);
  return json(parts);
}

/** Length of `{"kind":…,"apiVersion":…,`, with which the JSON of every object out of the store begins. */
function typePrefixLength({ object: { kind, apiVersion } }: ObjectVersion): number {
  return Buffer.byteLength(JSON.stringify({ kind, apiVersion }));
}
