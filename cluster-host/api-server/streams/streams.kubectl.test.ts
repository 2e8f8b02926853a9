/** The streams as clients see them: a real kubectl over WebSocket and over SPDY, WebSockets of older protocols, HTTP through the proxies. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createAuthority } from '../../pki/certificates.ts';
import { fakeNode } from './testing/fake-node.ts';
import { startStreamServer, testPod, type StreamServer } from './testing/stream-server.ts';

const page = '<html><a href="/rewriteme">test</a></html>';
let server: StreamServer;
let several: StreamServer;
let backend: Server;
let port: number;
let api: string;

beforeAll(async () => {
  backend = createServer((request, response) => {
    const headers: Record<string, string> = { 'content-type': 'text/html' };
    if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end();
    else if (request.url === '/gzip') response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(page));
    else if (request.url?.startsWith('/echo') === true) request.pipe(response.writeHead(200, { 'x-uri': request.url, 'x-authorization': request.headers.authorization ?? 'none' }));
    else response.writeHead(200, headers).end(page);
  });
  new WebSocketServer({ server: backend }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  ({ port } = backend.address() as AddressInfo);
  const service = { metadata: { name: 'front', namespace: 'default' }, spec: { ports: [{ name: 'http', port: 80 }] } };
  const slice = {
    metadata: { name: 'front-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'front' } },
    ports: [{ name: 'http', port }],
    endpoints: [{ addresses: ['10.0.0.1'], nodeName: 'node-1' }],
  };
  server = await startStreamServer(fakeNode, { objects: { services: [service], endpointslices: [slice] } });
  several = await startStreamServer(fakeNode, { pod: testPod(['one', 'two']) });
  api = `${server.url}/api/v1/namespaces/default`;
});

afterAll(async () => {
  await server.close();
  await several.close();
  backend.closeAllConnections();
  backend.close();
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function kubectl(url: string, webSockets: boolean, args: readonly string[], input?: Uint8Array) {
  const env = { ...process.env, KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSockets), KUBECTL_PORT_FORWARD_WEBSOCKETS: String(webSockets), KUBECONFIG: '/dev/null' };
  const child = spawn('kubectl', ['--server', url, ...args], { env });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input ?? '');
  const ended = once(child, 'close').then(([code]): Outcome => ({ code: code as number | null, stdout: Buffer.concat(stdout), stderr }));
  return { child, ended };
}

describe.each([
  ['WebSocket', true],
  ['SPDY', false],
])('kubectl over %s', (_name, webSockets) => {
  const run = (args: readonly string[], input?: Uint8Array, url = server.url): Promise<Outcome> => kubectl(url, webSockets, args, input).ended;

  test('exec: output, exit code, failure', async () => {
    expect(await run(['exec', 'web', '--', 'print', 'hello'])).toMatchObject({ code: 0, stdout: Buffer.from('hello'), stderr: '' });
    expect(await run(['exec', 'web', '--', 'complain', 'oops'])).toMatchObject({ code: 3, stderr: 'oopscommand terminated with exit code 3\n' });
    expect((await run(['exec', 'web', '--', 'nothing'])).stderr).toContain('error executing command in container: exec: "nothing": executable file not found in $PATH');
  });

  test('exec: 8 MB there and back', async () => {
    const bytes = randomBytes(8_000_000);
    const { stdout } = await run(['exec', '-i', 'web', '--', 'cat'], bytes);
    expect(createHash('sha1').update(stdout).digest('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
  });

  test('attach', async () => {
    expect((await run(['attach', '-i', 'web', '-c', 'main'], Buffer.from('typed\n'))).stdout.toString()).toContain('typed');
  });

  test('a container has to be chosen, and has to exist', async () => {
    expect((await run(['exec', 'web', '-c', 'three', '--', 'print'], undefined, several.url)).stderr).toContain('container three is not valid for pod web');
  });

  test('port-forward: many connections at once, and a port where nobody listens', async () => {
    const { child, ended } = kubectl(server.url, webSockets, ['port-forward', 'pod/web', `:${port}`, ':1']);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].length).toBe(2);
    const [open, closed] = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map((match) => match[1]);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`http://127.0.0.1:${open}/`, { headers: { connection: 'close' } })).text()));
    expect(new Set(answers)).toEqual(new Set([page]));
    await expect(fetch(`http://127.0.0.1:${closed}/`)).rejects.toThrow();
    // The client gives up after an error, as it does with Kubernetes.
    expect((await ended).stderr).toContain('error forwarding port 1 to pod web, uid u-1: connect ECONNREFUSED 127.0.0.1:1');
  });
});

/** Messages of a WebSocket until it closes. */
async function converse(path: string, protocols: readonly string[], send: (socket: WebSocket, message: Buffer) => void = () => undefined): Promise<{ readonly protocol: string; readonly messages: readonly Buffer[] }> {
  const socket = new WebSocket(`${api.replace('http', 'ws')}/pods/web/${path}`, [...protocols]);
  const messages: Buffer[] = [];
  socket.on('message', (data: Buffer) => {
    messages.push(data);
    send(socket, data);
  });
  await once(socket, 'close');
  return { protocol: socket.protocol, messages };
}

describe('WebSocket protocols', () => {
  test('v4: an empty message first, output, then the outcome as a Status', async () => {
    const { messages } = await converse('exec?command=complain&command=x&stdout=1&stderr=1', ['v4.channel.k8s.io']);
    expect(messages.map((message) => message[0])).toEqual([1, 2, 3]);
    expect(messages[0]).toHaveLength(1);
    expect(JSON.parse(messages[2]?.subarray(1).toString() ?? '')).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
  });

  test('base64, and no protocol at all: the outcome is a text', async () => {
    const base64 = await converse('exec?command=print&command=hi&stdout=1', ['base64.channel.k8s.io']);
    expect(base64.messages.map(String)).toEqual(['1', `1${Buffer.from('hi').toString('base64')}`]);
    const none = await converse('exec?command=complain&command=x&stderr=1', []);
    expect(none.protocol).toBe('');
    expect(none.messages.at(-1)?.toString()).toBe('\u0003command terminated with non-zero exit code: command terminated with exit code 3');
  });

  test('v5: the client ends stdin and still gets the rest', async () => {
    let asked = false;
    const { messages } = await converse('exec?command=cat&stdin=1&stdout=1', ['v5.channel.k8s.io'], (socket) => {
      if (asked) return;
      asked = true;
      socket.send(Buffer.from('\0typed'));
      socket.send(Buffer.of(255, 0));
    });
    expect(messages.map(String)).toEqual(['\u0001', '\u0001typed', '\u0003{"metadata":{},"status":"Success"}']);
  });

  test('terminal sizes', async () => {
    const { messages } = await converse('exec?command=size&stdout=1&tty=1', ['v4.channel.k8s.io'], (socket, message) => {
      if (message.length === 1) socket.send(Buffer.from('\u0004{"Width":91,"Height":33}\n'));
    });
    expect(messages[1]?.toString()).toBe('\u000191x33');
  });

  test('a client that leaves ends the process', async () => {
    const socket = new WebSocket(`${api.replace('http', 'ws')}/pods/web/exec?command=wait&stdout=1`, ['v5.channel.k8s.io']);
    await once(socket, 'message');
    socket.close();
    await once(socket, 'close');
  });

  test('logs: binary and base64', async () => {
    const { messages } = await converse('log?tailLines=2', ['base64.binary.k8s.io']);
    expect(Buffer.from(String(messages[0]), 'base64').toString()).toBe('log of main\n');
  });

  test('port-forward over channels: each starts with its port', async () => {
    const { messages } = await converse(`portforward?ports=${port}`, ['v4.channel.k8s.io'], (socket, message) => {
      if (message[0] === 0 && message.length === 3) socket.send(Buffer.from('\0GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    });
    const start = Buffer.of(port & 0xff, port >>> 8);
    expect(messages.slice(0, 2)).toEqual([Buffer.concat([Buffer.of(0), start]), Buffer.concat([Buffer.of(1), start])]);
    expect(Buffer.concat(messages.slice(2).map((message) => message.subarray(1))).toString()).toContain(page);
  });
});

async function refusal(path: string): Promise<unknown> {
  return (await fetch(`${several.url}/api/v1/namespaces/default/pods/web/${path}`)).json();
}

describe('what is refused', () => {
  test.each([
    ['exec?command=a', { code: 400, reason: 'BadRequest', message: 'a container name must be specified for pod web, choose one of: [one two]' }],
    ['exec?command=a&container=one&stdout=1', { code: 400, reason: 'BadRequest', message: 'Upgrade request required' }],
    ['log', { code: 400, message: 'a container name must be specified for pod web, choose one of: [one two]' }],
    ['log?container=one&tailLines=-1&limitBytes=0', { code: 422, reason: 'Invalid', details: { kind: 'PodLogOptions', causes: [{ field: 'tailLines' }, { field: 'limitBytes' }] } }],
    ['log?container=one&tailLines=x', { code: 400, message: 'strconv.ParseInt: parsing "x": invalid syntax' }],
    ['log?container=one&sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z', { code: 422 }],
  ])('%s', async (path, expected) => {
    expect(await refusal(path)).toMatchObject({ status: 'Failure', ...expected });
  });

  test('protocols that nobody knows, and exec without streams', async () => {
    const answer = async (path: string): Promise<string> => {
      const url = new URL(`${api}/pods/web/${path}`);
      const socket = connect(Number(url.port), url.hostname);
      socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: v9.channel.k8s.io\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    expect(await answer('exec?command=a&stdout=1')).toMatch(/^HTTP\/1.1 403 .*unable to negotiate protocol: client supports \[v9.channel.k8s.io\]/s);
    expect(await answer('exec?command=a')).toMatch(/^HTTP\/1.1 400 .*you must specify at least 1 of stdin, stdout, stderr/s);
    expect(await answer('portforward')).toMatch(/^HTTP\/1.1 403 /);
  });
});

describe('proxies', () => {
  test.each(['pods/web', 'services/front', 'services/http:front:http', 'services/front:80'])('%s: the page, with links that lead through the proxy', async (name) => {
    const target = name === 'pods/web' ? `pods/web:${port}` : name === 'services/front' ? 'services/front:http' : name;
    const answer = await fetch(`${api}/${target}/proxy/`);
    const prefix = `/api/v1/namespaces/default/${target}/proxy`;
    expect(await answer.text()).toBe(`<html><a href="${prefix}/rewriteme">test</a></html>`);
    expect(await (await fetch(`${api}/${target}/proxy/gzip`)).text()).toContain(`${prefix}/rewriteme`);
    const moved = await fetch(`${api}/${target}/proxy/moved`, { redirect: 'manual' });
    expect(moved.headers.get('location')).toBe(`${prefix}/there`);
  });

  test('bodies and queries go through, credentials do not', async () => {
    const body = randomBytes(300_000);
    const answer = await fetch(`${api}/pods/web:${port}/proxy/echo/a%2Fb?x=1&y=%20`, { method: 'POST', body, headers: { authorization: 'Bearer secret' } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    expect(answer.headers.get('x-uri')).toBe('/echo/a%2Fb?x=1&y=%20');
    expect(answer.headers.get('x-authorization')).toBe('none');
  });

  test('a target that speaks TLS, with a certificate that nobody knows', async () => {
    const { certificate, key } = createAuthority('a pod', Date.now());
    const secure = createSecureServer({ cert: certificate, key }, (_request, response) => response.end('secret'));
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const answer = await fetch(`${api}/pods/https:web:${(secure.address() as AddressInfo).port}/proxy/`);
    expect(await answer.text()).toBe('secret');
    secure.closeAllConnections();
    secure.close();
  });

  test('without a slash at the end: a redirect to where relative links work', async () => {
    const answer = await fetch(`${api}/pods/web:${port}/proxy?a=1`, { redirect: 'manual' });
    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe(`/api/v1/namespaces/default/pods/web:${port}/proxy/?a=1`);
  });

  test('upgrades', async () => {
    const socket = new WebSocket(`${api.replace('http', 'ws')}/pods/web:${port}/proxy/socket`);
    await once(socket, 'open');
    socket.send('ping');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(message.toString()).toBe('ping');
    socket.close();
    await once(socket, 'close');
  });

  test('a port where nobody listens', async () => {
    const answer = await fetch(`${api}/pods/web:1/proxy/`);
    expect(await answer.json()).toMatchObject({ code: 503, reason: 'ServiceUnavailable', message: 'error trying to reach service: connect ECONNREFUSED 127.0.0.1:1' });
  });
});
