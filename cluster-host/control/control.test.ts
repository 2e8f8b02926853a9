/** Both ends of the control channel, over a real socket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sinon from 'sinon';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { controlErrorCodes, PROTOCOL_VERSION, type HostStatus } from '../control-protocol.ts';
import { ControlError, controlClient, type ControlClient } from './connection.ts';
import { createControlServer, type ControlServer, type ControlTarget } from './server.ts';

const status = { name: 'test', phase: 'running' } as HostStatus;
const administrator = { name: 'admin', groups: ['system:masters'] };

let http: Server;
let control: ControlServer;
let target: { requests: { [K in keyof ControlTarget['requests']]: sinon.SinonStub }; status: () => HostStatus; windowsChanged: sinon.SinonSpy };
let sockets: WebSocket[];

beforeEach(async () => {
  const stub = () => sinon.stub().resolves(status);
  target = {
    status: () => status,
    windowsChanged: sinon.spy(),
    requests: { 'host/status': stub(), 'host/keep': stub(), 'host/stop': stub(), 'nodes/add': stub(), 'nodes/remove': stub(), 'nodes/stop': stub(), 'nodes/start': stub(), 'images/list': stub() },
  };
  control = createControlServer(target as ControlTarget);
  sockets = [];
  http = createServer();
  http.on('upgrade', (request, socket, head) => control.upgrade({ ...administrator, groups: request.url === '/guest' ? [] : administrator.groups }, request, socket, head));
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  for (const socket of sockets) socket.terminate();
  http.close();
});

async function open(path = '/'): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}${path}`);
  sockets.push(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

async function connect(): Promise<ControlClient> {
  return controlClient(await open());
}

const hello = { protocolVersion: PROTOCOL_VERSION, client: 'window' } as const;

test('windows are counted as they come and go', async () => {
  const [first, second] = [await connect(), await connect()];
  expect(await first.request('host/hello', hello)).toEqual(status);
  await second.request('host/hello', { ...hello, client: 'commandLine' });
  expect(control.windows).toBe(1);
  const gone = new Promise<void>((resolve) => (target.windowsChanged = sinon.spy(() => resolve())));
  first.close();
  await gone;
  sinon.assert.calledOnceWithExactly(target.windowsChanged, 0);
});

test('another version of the protocol is refused', async () => {
  const client = await connect();
  const refused = client.request('host/hello', { ...hello, protocolVersion: PROTOCOL_VERSION + 1 });
  await expect(refused).rejects.toMatchObject({ code: controlErrorCodes.versionMismatch });
  expect(control.windows).toBe(0);
});

test('a refusal keeps its code, any other failure is an internal error', async () => {
  const client = await connect();
  target.requests['nodes/remove'].rejects(new ControlError(controlErrorCodes.notFound, 'there is no node "x"'));
  await expect(client.request('nodes/remove', { name: 'x' })).rejects.toMatchObject({ code: controlErrorCodes.notFound, message: 'there is no node "x"' });
  target.requests['nodes/add'].rejects(new Error('no more addresses'));
  await expect(client.request('nodes/add', {})).rejects.toMatchObject({ code: controlErrorCodes.internalError, message: 'no more addresses' });
});

test.each([
  ['not JSON', controlErrorCodes.parseError],
  ['[1]', controlErrorCodes.parseError],
  ['{"id":1}', controlErrorCodes.invalidRequest],
  ['{"id":1,"method":"constructor"}', controlErrorCodes.methodNotFound],
])('a message that is none is answered with its error: %s', async (message, code) => {
  const socket = await open();
  socket.send(message);
  const answer = await new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
  expect(JSON.parse(answer).error.code).toBe(code);
});

test('notifications reach every client; requests under way end with the connection', async () => {
  const client = await connect();
  const heard = new Promise((resolve) => client.onNotification('host/progress', resolve));
  await client.request('host/hello', hello);
  control.progress({ step: 'nodes', message: 'Starting nodes', elapsed: 5 });
  expect(await heard).toEqual({ step: 'nodes', message: 'Starting nodes', elapsed: 5 });
  target.requests['host/status'].returns(new Promise(() => undefined));
  const waiting = client.request('host/status', {});
  control.close();
  await expect(waiting).rejects.toThrow('closed');
});

test('who is no administrator is turned away', async () => {
  await expect(open('/guest')).rejects.toThrow('403');
});
