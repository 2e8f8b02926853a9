/** A watch over WebSocket: one JSON object a text message. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Answer } from '../request.ts';
import { Backlog } from './backlog.ts';
import { feedWatch } from './feed-watch.ts';
import { tokenProtocol } from './request.ts';
import { jsonFrames } from './watch-frames.ts';

const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 64 * 1024, handleProtocols: (protocols) => chosen(protocols) });

/** Browsers carry a token as a subprotocol; the connection speaks the other one that they offer. */
function chosen(protocols: ReadonlySet<string>): string | false {
  return [...protocols].find((name) => !name.startsWith(tokenProtocol)) ?? false;
}

export function sendWatchOverWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, open: Extract<Answer, { type: 'watch' }>['open']): void {
  server.handleUpgrade(request, socket, head, (client) => {
    const close = feedWatch(open, jsonFrames, {
      send: (frame) => client.send(frame, { binary: false }),
      backlog: new Backlog(() => client.bufferedAmount),
      drop: () => client.terminate(),
      end: () => client.close(1000),
    });
    client.on('close', close);
    client.on('error', close);
  });
}
