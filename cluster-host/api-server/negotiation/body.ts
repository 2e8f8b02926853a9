/** Bytes of a request body as JSON values. What cannot be read is a 400, an unknown type of content a 415. */
import { parse } from 'yaml';
import { badRequest, unsupportedMediaType } from '../failure.ts';
import { copyJson } from '../registry/copy.ts';
import type { ApiRequest, RequestBody } from '../request.ts';
import { mediaTypes } from './accept.ts';

/** Kubernetes' limit of a request body, in bytes. */
export const bodyLimit = 3 * 1024 * 1024;

export interface ParsedBody {
  /** Not shared with the caller. */
  readonly value: unknown;
  /** The text it was read from; undefined for in-process values. */
  readonly text: string | undefined;
}

export function contentTypeOf(request: ApiRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Reads a body of JSON or YAML. An empty one is undefined. */
export function parseBody(body: RequestBody, contentType: string): ParsedBody {
  if (body.type === 'value') return { value: copyJson(body.value), text: undefined };
  // Without a content type Kubernetes takes JSON.
  const yaml = contentType === mediaTypes.yaml;
  if (!yaml && contentType !== '' && contentType !== mediaTypes.json) throw unsupportedMediaType(Object.values(mediaTypes));
  const text = decodeUtf8(body.bytes);
  if (text === '') return { value: undefined, text };
  return { value: yaml ? parseYaml(text) : parseJson(text), text };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw badRequest('the body of the request is not valid UTF-8');
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${(error as Error).message}`);
  }
}

/** As Kubernetes' parser: YAML 1.1, one document. */
export function parseYaml(text: string): unknown {
  try {
    // The library's own check for equal keys takes quadratic time.
    return copyJson(parse(text, { version: '1.1', uniqueKeys: false, maxAliasCount: 100, logLevel: 'silent' }));
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: yaml: ${(error as Error).message}`);
  }
}
