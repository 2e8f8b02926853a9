/** A node whose containers know a few commands and whose ports are those of this machine. */
import { connect, type Socket } from 'node:net';
import type { ByteSink, ByteSource } from '../../../platform/streams.ts';
import { NodeRequestError, type NodeConnection } from '../../node-connection.ts';
import { sinkOf } from '../sockets/spdy.ts';

async function copy(from: ByteSource | undefined, to: ByteSink | undefined): Promise<void> {
  for await (const chunk of from ?? []) await to?.write(chunk);
}

export const fakeNode: NodeConnection = {
  async logs(target, options) {
    return (async function* lines() {
      yield Buffer.from(`log of ${target.container}\n`);
      yield Buffer.from(`${JSON.stringify(options)}\n`);
    })();
  },
  async exec(_target, [command = '', argument = ''], { stdin, stdout, stderr, resize }, signal) {
    switch (command) {
      case 'cat':
        await copy(stdin, stdout);
        return 0;
      case 'print':
        await stdout?.write(Buffer.from(argument));
        return 0;
      case 'complain':
        await stderr?.write(Buffer.from(argument));
        return 3;
      case 'bytes':
        for (let left = Number(argument); left > 0; left -= 64 * 1024) await stdout?.write(Buffer.alloc(Math.min(left, 64 * 1024), 'x'));
        return 0;
      case 'size':
        for await (const size of resize ?? []) {
          await stdout?.write(Buffer.from(`${size.columns}x${size.rows}`));
          return 0;
        }
        return 1;
      case 'wait':
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        return 0;
      default:
        throw new NodeRequestError('InternalError', `exec: "${command}": executable file not found in $PATH`);
    }
  },
  async attach(_target, { stdin, stdout }) {
    await copy(stdin, stdout);
  },
  async portForward(_target, port, input, output, signal) {
    const socket = await dial('127.0.0.1', port);
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    const sink = sinkOf(socket);
    const sent = copy(input, sink).then(() => sink.end());
    await copy(socket, output);
    output.end();
    await sent.catch(() => undefined);
  },
  async connect(host, port) {
    // Every address of the pod network is this machine.
    void host;
    const socket = await dial('127.0.0.1', port);
    return { input: sinkOf(socket), output: socket };
  },
  async request({ method, path, query }) {
    return { status: path === '/none' ? 404 : 200, contentType: 'text/plain', body: `${method} ${path} ${query.toString()}` };
  },
};

function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => resolve(socket));
    socket.once('error', (error) => reject(new NodeRequestError('Unavailable', error.message)));
  });
}
