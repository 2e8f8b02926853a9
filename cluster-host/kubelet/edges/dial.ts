/** TCP connections from the machine that the kubelet runs on. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Dial } from '../node-connection.ts';

export const dial: Dial = async (host, port, signal) => {
  const socket = connect({ host, port, signal, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return {
    output: socket,
    input: {
      async write(chunk) {
        if (socket.destroyed) throw new Error('the connection is closed');
        if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      },
      end: () => void socket.end(),
    },
  };
};
