/** Sends an answer: small ones at once; large ones piece by piece, so that the client reads one while the next is encrypted, and compressed where it takes that. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { ApiRequest } from '../request.ts';
import type { EncodedBody } from './encode.ts';

/** Bytes from which on an answer is large, as for Kubernetes, which compresses from here on. */
const largeFrom = 128 * 1024;
const pieceLength = 256 * 1024;

export function send(response: ServerResponse, request: ApiRequest, status: number, headers: Readonly<Record<string, string>>, { contentType, parts }: EncodedBody): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = { ...headers, 'content-type': contentType };
  if (length >= largeFrom && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    response.writeHead(status, { ...head, 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    // Fast rather than small: most clients are on this machine. A client that is gone needs no answer.
    if (request.method === 'HEAD') response.end();
    else pipeline(pieces(parts), createGzip({ level: constants.Z_BEST_SPEED }), response).catch(() => undefined);
    return;
  }
  response.writeHead(status, { ...head, 'content-length': length });
  if (request.method === 'HEAD') response.end();
  else if (length < largeFrom) response.end(joined(parts, length));
  else pipeline(pieces(parts), response).catch(() => undefined);
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let [from, length] = [0, 0];
  for (const [index, part] of parts.entries()) {
    length += part.length;
    if (length < pieceLength && index < parts.length - 1) continue;
    yield joined(parts.slice(from, index + 1), length);
    [from, length] = [index + 1, 0];
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
}
