/** A watch over WebSocket: one JSON object a text message. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Disposable } from '../../platform/platform.ts';
import type { WatchSink } from '../request.ts';
import { errorFrame } from './watch-response.ts';

const mostWaiting = 16 * 1024 * 1024;
const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 64 * 1024, handleProtocols: (protocols) => acceptable(protocols) });

/** Text frames are what a watch has; browsers that carry a token in a subprotocol offer another one besides it. */
function acceptable(protocols: ReadonlySet<string>): string | false {
  return [...protocols].find((name) => !name.startsWith('base64url.bearer.authorization.k8s.io.')) ?? false;
}

export function sendWatchOverWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, open: (sink: WatchSink) => Disposable): void {
  server.handleUpgrade(request, socket, head, (client) => {
    let watch: Disposable | undefined;
    let over = false;
    const close = (): void => {
      over = true;
      watch?.dispose();
    };
    const send = (frame: Uint8Array): void => {
      if (over) return;
      client.send(frame, { binary: false });
      if (client.bufferedAmount > mostWaiting) {
        close();
        client.terminate();
      }
    };
    client.on('close', close);
    client.on('error', close);
    watch = open({
      event: (type, version) => send(version.frame(type)),
      ended(status) {
        if (status !== undefined) send(errorFrame(status));
        close();
        client.close(1000);
      },
    });
    if (over) watch.dispose();
  });
}
