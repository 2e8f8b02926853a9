/** Requests and WebSockets of an endpoint through a proxy that wants a password, against a TLS server of our own. */
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { HttpsTransport } from '../../cluster-host/client/https/https-transport.ts';

const asked: string[] = [];
const proxy = createServer();
proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
  asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
  if (request.headers['proxy-authorization'] === undefined) {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    return;
  }
  const onward = connect(1, '127.0.0.1');
  onward.on('error', () => socket.end());
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.pipe(onward).pipe(socket);
});
const port = await new Promise<number>((resolve) => proxy.listen(0, '127.0.0.1', () => resolve((proxy.address() as AddressInfo).port)));
afterAll(() => proxy.close());

it('asks the proxy for the server, with the user of its address', async () => {
  const transport = new HttpsTransport({ server: 'https://cluster.example:6443', proxy: `http://me:se%40cret@127.0.0.1:${port}` });
  // What is behind this proxy speaks no TLS.
  await expect(transport.request({ method: 'GET', path: '/version' })).rejects.toThrow();
  expect(asked).toEqual([`cluster.example:6443 Basic ${Buffer.from('me:se@cret').toString('base64')}`]);
  transport.dispose();
});

it('says that the proxy refused', async () => {
  const transport = new HttpsTransport({ server: 'https://cluster.example:6443', proxy: `http://127.0.0.1:${port}` });
  await expect(transport.request({ method: 'GET', path: '/version' })).rejects.toThrow('the proxy 127.0.0.1 answered 407 Proxy Authentication Required');
  transport.dispose();
});
