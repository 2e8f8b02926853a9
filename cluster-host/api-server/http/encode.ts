/** Bytes of answers: cached encodings joined, or objects encoded now; pretty, as YAML, or compressed where asked. */
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { KubeObject } from '../../api/object.ts';
import { mediaTypes, type Media } from '../negotiation/accept.ts';
import { toYaml } from '../negotiation/yaml.ts';
import { ObjectVersion } from '../registry/object-version.ts';
import type { AnswerList } from '../request.ts';

export interface Encoding {
  readonly media: Media;
  readonly pretty: boolean;
}

export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export function encodeObject(object: ObjectVersion | KubeObject, encoding: Encoding): EncodedBody {
  const plain = object instanceof ObjectVersion ? object.object : object;
  if (encoding.media === 'json' && !encoding.pretty && object instanceof ObjectVersion) return json(Buffer.from(object.json().buffer, object.json().byteOffset, object.json().byteLength));
  return encodeValue(plain, encoding);
}

function encodeValue(value: unknown, { media, pretty }: Encoding): EncodedBody {
  if (media === 'yaml') return { contentType: mediaTypes.yaml, bytes: Buffer.from(toYaml(value)) };
  return json(Buffer.from(`${JSON.stringify(value, undefined, pretty ? 2 : undefined)}\n`));
}

function json(bytes: Buffer): EncodedBody {
  return { contentType: mediaTypes.json, bytes };
}

const comma = Buffer.from(',');
const openBrace = Buffer.from('{');
const end = Buffer.from(']}\n');

/** A list's items say nothing of kind and version: those are the list's. */
export function encodeList({ kind, apiVersion, metadata, items }: AnswerList, encoding: Encoding): EncodedBody {
  if (encoding.media !== 'json' || encoding.pretty) {
    const plain = items.map(({ object: { kind: _kind, apiVersion: _apiVersion, ...rest } }) => rest);
    return encodeValue({ kind, apiVersion, metadata, items: plain }, encoding);
  }
  const parts: Uint8Array[] = [Buffer.from(`${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`)];
  const typeLength = items[0] === undefined ? 0 : typePrefixLength(items[0]);
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(comma);
    parts.push(openBrace, item.json().subarray(typeLength));
  }
  parts.push(end);
  return json(Buffer.concat(parts));
}

/** Length of `{"kind":…,"apiVersion":…,`, with which the JSON of every object out of the store begins. */
function typePrefixLength({ object: { kind, apiVersion } }: ObjectVersion): number {
  return Buffer.byteLength(JSON.stringify({ kind, apiVersion }));
}

/** Answers that are larger are compressed for clients that take gzip, as Kubernetes does. */
export const compressFrom = 128 * 1024;
export const compress = promisify(gzip) as (bytes: Buffer, options: { level: number }) => Promise<Buffer>;
