/** A request of Node's HTTP server as the chain's `ApiRequest`. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { badRequest, requestEntityTooLarge } from '../failure.ts';
import type { ApiRequest, ClientCertificate, Credentials, RequestBody } from '../request.ts';

export function apiRequestOf(message: IncomingMessage, signal: AbortSignal): ApiRequest {
  const url = message.url ?? '/';
  const at = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: at < 0 ? url : url.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)),
    headers: headersOf(message),
    credentials: credentialsOf(message),
    body: (limit) => readBody(message, limit),
    signal,
    remoteAddress: message.socket.remoteAddress,
  };
}

/** Node joins what came several times with ", ": good but for names that may hold a comma themselves. */
function headersOf(message: IncomingMessage): ApiRequest['headers'] {
  const headers = message.headers as ApiRequest['headers'];
  const impersonation = Object.keys(headers).filter((name) => name.startsWith('impersonate-'));
  if (impersonation.length === 0) return headers;
  return { ...headers, ...Object.fromEntries(impersonation.map((name) => [name, message.headersDistinct[name]?.join('\n')])) };
}

/** Peer certificates by socket: one handshake, many requests. */
const certificates = new WeakMap<TLSSocket, ClientCertificate | 'invalid' | undefined>();

function credentialsOf(message: IncomingMessage): Credentials {
  const socket = message.socket as TLSSocket;
  if (!certificates.has(socket)) certificates.set(socket, certificateOf(socket));
  return { type: 'presented', certificate: certificates.get(socket), authorization: message.headers.authorization ?? authorizationInProtocol(message) };
}

/** Where a browser, which cannot set headers of a WebSocket, puts its token. */
export const tokenProtocol = 'base64url.bearer.authorization.k8s.io.';

function authorizationInProtocol({ headers }: IncomingMessage): string | undefined {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const encoded = protocols.find((name) => name.startsWith(tokenProtocol))?.slice(tokenProtocol.length);
  return encoded === undefined ? undefined : `Bearer ${Buffer.from(encoded, 'base64url').toString()}`;
}

/** Only a certificate that the cluster's CA signed says who somebody is. */
function certificateOf(socket: TLSSocket): ClientCertificate | 'invalid' | undefined {
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  // Of a certificate that is not there, Node gives an empty object.
  if (fingerprint256 === undefined) return undefined;
  if (!socket.authorized) return 'invalid';
  const texts = (value: string | string[] | undefined): readonly string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
  const [commonName] = texts(subject?.CN);
  if (commonName === undefined) return undefined;
  return { commonName, organizations: texts(subject.O), fingerprint: fingerprint256.replaceAll(':', '').toLowerCase() };
}

function readBody(message: IncomingMessage, limit: number): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const tooLarge = (): void => {
      message.removeAllListeners('data');
      message.resume();
      reject(requestEntityTooLarge(`limit is ${limit}`));
    };
    if (Number(message.headers['content-length'] ?? 0) > limit) {
      tooLarge();
      return;
    }
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) tooLarge();
      else chunks.push(chunk);
    });
    message.on('end', () => resolve({ type: 'bytes', bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) }));
    message.on('error', () => reject(badRequest('the request ended before its body')));
  });
}
