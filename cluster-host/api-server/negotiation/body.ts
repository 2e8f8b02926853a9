/** Bytes of request bodies as documents. What cannot be read is a 400, an unknown type of content a 415. */
import { parseJson } from '../../api/decode/json.ts';
import { plainDocument, type ParsedDocument } from '../../api/decode/parsed.ts';
import { parseYaml } from '../../api/decode/yaml.ts';
import { decodeProtobuf } from '../../api/protobuf/codec.ts';
import { badRequest, unsupportedMediaType } from '../failure.ts';
import type { ApiRequest, RequestBody } from '../request.ts';
import { mediaTypes } from './accept.ts';

/** Kubernetes' limit of a request body, in bytes. */
export const bodyLimit = 3 * 1024 * 1024;

export function contentTypeOf(request: ApiRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The body as a document that is to be a `kind`; undefined where there is none. Its value may be shared with an in-process caller. */
export async function readDocument(request: ApiRequest, kind: string): Promise<ParsedDocument | undefined> {
  const body = await request.body(bodyLimit);
  if (body.type === 'value') return plainDocument(body.value);
  const type = contentTypeOf(request);
  if (type === mediaTypes.protobuf) return body.bytes.length === 0 ? undefined : readProtobuf(body.bytes, kind);
  // Without a content type Kubernetes takes JSON.
  if (type !== '' && type !== mediaTypes.json && type !== mediaTypes.yaml) throw unsupportedMediaType(Object.values(mediaTypes));
  if (body.bytes.length === 0) return undefined;
  const text = textOf(body);
  const parsed = type === mediaTypes.yaml ? parseYaml(text) : parseJson(text);
  if (!parsed.ok) throw unrecognized(kind, `couldn't get version/kind; json parse error: ${parsed.error}`, text);
  return parsed.value;
}

function readProtobuf(bytes: Uint8Array, kind: string): ParsedDocument {
  const decoded = decodeProtobuf(bytes);
  if (!decoded.ok) throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${decoded.error} (${Buffer.from(bytes.subarray(0, longestSummary)).toString('hex')} ...)`);
  return plainDocument(decoded.value);
}

export function unrecognized(kind: string, why: string, text: string | undefined): Error {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summaryOf(text)})`);
}

const longestSummary = 30;

/** The beginning of a body, as Kubernetes shows it in errors. */
function summaryOf(text: string | undefined): string {
  if (text === undefined || text === '') return '<empty>';
  if (text.startsWith('{')) return text.length > longestSummary ? `${text.slice(0, longestSummary)} ...` : text;
  const hex = Buffer.from(text.slice(0, longestSummary)).toString('hex');
  return text.length > longestSummary ? `${hex} ...` : hex;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The body as text; bytes that are no UTF-8 become replacement characters, as Go's JSON decoder has it. */
export function textOf(body: Extract<RequestBody, { type: 'bytes' }>): string {
  return decoder.decode(body.bytes);
}
