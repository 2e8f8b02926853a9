/** HTTP, TCP and gRPC probes over the machine's own network, with the words that Kubernetes (Go) has for what goes wrong. */
import { request as httpRequest } from 'node:http';
import { connect as http2Connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { HttpRequest, NetworkActions, ProbeOutcome } from '../probes/probe-actions.ts';

const mostRedirects = 10;
const mostBody = 10 * 1024;

export const networkActions: NetworkActions = {
  httpGet: (request, timeout) => get(request, AbortSignal.timeout(timeout), mostRedirects),
  tcpConnect,
  grpcCheck,
};

async function get({ url, headers }: HttpRequest, signal: AbortSignal, redirects: number): Promise<ProbeOutcome> {
  const { promise, resolve } = Promise.withResolvers<ProbeOutcome>();
  const target = new URL(url);
  const fail = (error: NodeJS.ErrnoException): void => {
    const reason = signal.aborted ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' : socketText(target.hostname, Number(target.port), error);
    resolve({ result: 'failure', output: `Get "${url}": ${reason}` });
  };
  const defaults = { 'user-agent': 'kube-probe/1.36', accept: '*/*', connection: 'close' };
  const given = Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]));
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(target, { headers: { ...defaults, ...given }, signal, agent: false, rejectUnauthorized: false }, (response) => {
    const code = response.statusCode ?? 0;
    const location = response.headers.location;
    const next = code >= 300 && code < 400 && location !== undefined ? new URL(location, target) : undefined;
    response.on('error', fail);
    if (next !== undefined && next.host === target.host && redirects > 0) {
      response.resume();
      resolve(get({ url: next.href, headers }, signal, redirects - 1));
      return;
    }
    let body = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (body.length < mostBody ? (body += chunk) : response.destroy()));
    response.on('close', () => resolve(code >= 200 && code < 400 ? { result: 'success', output: body } : { result: 'failure', output: `HTTP probe failed with statuscode: ${code}` }));
  });
  request.on('error', fail);
  request.end();
  return promise;
}

function tcpConnect(host: string, port: number, timeout: number): Promise<ProbeOutcome> {
  const { promise, resolve } = Promise.withResolvers<ProbeOutcome>();
  const socket = connect({ host, port });
  socket.setTimeout(timeout, () => {
    socket.destroy();
    resolve({ result: 'failure', output: `dial tcp ${host}:${port}: i/o timeout` });
  });
  socket.on('connect', () => {
    socket.destroy();
    resolve({ result: 'success', output: '' });
  });
  socket.on('error', (error) => resolve({ result: 'failure', output: socketText(host, port, error) }));
  return promise;
}

const connectErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'connect: connection timed out',
};

/** `dial tcp 10.244.0.5:8080: connect: connection refused`. */
function socketText(host: string, port: number, { code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${host}: no such host`;
  if (code === 'ECONNRESET') return 'read: connection reset by peer';
  const text = connectErrors[code];
  return text === undefined ? message : `dial tcp ${host}:${port}: ${text}`;
}

/** The health protocol's answer for a service that is well. */
const serving = 1;
const lengthPrefix = 5;

function grpcCheck(host: string, port: number, service: string, timeout: number): Promise<ProbeOutcome> {
  const { promise, resolve } = Promise.withResolvers<ProbeOutcome>();
  const session = http2Connect(`http://${host}:${port}`);
  const end = (outcome: ProbeOutcome): void => {
    clearTimeout(timer);
    session.destroy();
    resolve(outcome);
  };
  const timer = setTimeout(() => end({ result: 'failure', output: `timeout: failed to connect service "${host}:${port}" within ${timeout / 1000}s: context deadline exceeded` }), timeout);
  session.on('error', () => end({ result: 'failure', output: `error: this server does not implement the grpc health protocol (grpc.health.v1.Health) or is not reachable at ${host}:${port}` }));
  const stream = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', te: 'trailers' });
  const chunks: Buffer[] = [];
  let grpcStatus = '0';
  stream.on('response', (headers) => (grpcStatus = String(headers['grpc-status'] ?? grpcStatus)));
  stream.on('trailers', (trailers) => (grpcStatus = String(trailers['grpc-status'] ?? grpcStatus)));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  stream.on('close', () => {
    // HealthCheckResponse has one field: 1, a varint.
    const message = Buffer.concat(chunks).subarray(lengthPrefix);
    const status = message[0] === 0x08 ? message[1] : 0;
    if (grpcStatus !== '0') end({ result: 'failure', output: `error: health rpc failed with code ${grpcStatus}` });
    else if (status === serving) end({ result: 'success', output: 'service healthy' });
    else end({ result: 'failure', output: `service unhealthy (responded with "${['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'][status ?? 0] ?? status}")` });
  });
  stream.end(healthRequest(service));
  return promise;
}

/** A gRPC message: uncompressed, its length, HealthCheckRequest with field 1, the service's name. */
function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const prefix = Buffer.alloc(lengthPrefix);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
