/** Calls webhooks over HTTPS: straight, or through the node that can reach what stands behind a service. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { NodeConnections } from '../../../node-connection.ts';
import { ConnectionDuplex } from '../../../streams/sockets/connection-duplex.ts';
import type { ExtensionRequest, HttpsCaller, ServicePlace, WebhookEndpoint } from '../webhook-caller.ts';

/** Bytes of an answer. */
const maxAnswer = 8 * 1024 * 1024;

export function httpsCaller(nodes: NodeConnections): HttpsCaller {
  return {
    async post(endpoint, document, timeoutSeconds) {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      try {
        const { statusCode = 0, text } = await exchange(endpoint, { body: JSON.stringify(document) }, nodes, signal);
        if (statusCode < 200 || statusCode > 299) throw new AnswerError(statusText(statusCode, text));
        return JSON.parse(text) as unknown;
      } catch (error) {
        const where = isAnswered(error) ? '' : `Post "${endpoint.url}": `;
        throw new Error(`failed to call webhook: ${where}${signal.aborted ? 'context deadline exceeded' : reasonOf(error)}`, { cause: error });
      }
    },
    async get(endpoint, timeoutSeconds, request) {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      try {
        const { statusCode = 0, text } = await exchange(endpoint, request, nodes, signal);
        if (statusCode < 200 || statusCode > 299) throw new AnswerError(`bad status from ${endpoint.url}: ${statusCode}`);
        return JSON.parse(text) as unknown;
      } catch (error) {
        const where = isAnswered(error) ? '' : `Get "${endpoint.url}": `;
        throw new Error(`${where}${signal.aborted ? 'context deadline exceeded' : reasonOf(error)}`, { cause: error });
      }
    },
  };
}

class AnswerError extends Error {}

function isAnswered(error: unknown): boolean {
  return error instanceof AnswerError || error instanceof SyntaxError;
}

interface Answer {
  readonly statusCode: number | undefined;
  readonly text: string;
}

interface Exchange extends Partial<ExtensionRequest> {
  /** Posted, where there is one. */
  readonly body?: string;
}

async function exchange({ url, place, authorities, insecure }: WebhookEndpoint, { body, headers, identity }: Exchange, nodes: NodeConnections, signal: AbortSignal): Promise<Answer> {
  const trust = { ...(authorities !== undefined && { ca: authorities }), ...(insecure && { rejectUnauthorized: false }), ...(identity && { cert: identity.certificate, key: identity.key }) };
  const sent = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { method: body === undefined ? 'GET' : 'POST', signal, headers: { ...sent, accept: 'application/json', ...headers }, ...trust };
  const { hostname } = new URL(url);
  const connection = place === undefined ? undefined : connectTls({ ...(await route(place, nodes, signal)), servername: hostname, ...trust });
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpsRequest(url, { ...options, ...(connection === undefined ? { agent: false } : { createConnection: () => connection }) });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body);
    });
    return { statusCode: answer.statusCode, text: await textOf(answer) };
  } finally {
    connection?.destroy();
  }
}

/** Through the node, or straight where none is named or connected. */
async function route({ host, port, node }: ServicePlace, nodes: NodeConnections, signal: AbortSignal): Promise<ConnectionOptions> {
  const connection = await nodes.node(node)?.connect(host, port, signal);
  return connection === undefined ? { host, port } : { socket: new ConnectionDuplex(connection) };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswer) throw new AnswerError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function statusText(code: number, text: string): string {
  if (code === 404) return 'the server could not find the requested resource';
  if (code >= 500) return `an error on the server (${JSON.stringify(text.trim())}) has prevented the request from succeeding`;
  return `the server rejected our request for an unknown reason`;
}

const untrusted = new Set(['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']);

/** Failures of a connection in the words of Kubernetes' HTTP client. */
export function reasonOf(error: unknown): string {
  const { code = '', message = '', address, port } = error as { code?: string; message?: string; address?: string; port?: number };
  if (untrusted.has(code)) return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`;
  if (code === 'ECONNRESET') return 'EOF';
  return message;
}
