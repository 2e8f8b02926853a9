/** A watch as a chunked answer: one JSON object a line. A client that does not read is dropped. */
import type { ServerResponse } from 'node:http';
import { mediaTypes } from '../negotiation/accept.ts';
import type { Answer } from '../request.ts';
import { Backlog } from './backlog.ts';
import { feedWatch } from './feed-watch.ts';

export function sendWatch(response: ServerResponse, open: Extract<Answer, { type: 'watch' }>['open']): void {
  response.writeHead(200, { 'content-type': mediaTypes.json });
  response.flushHeaders();
  response.cork();
  const close = feedWatch(open, {
    send: (frame) => void response.write(frame),
    backlog: new Backlog(() => response.writableLength),
    drop: () => void response.destroy(),
    end: () => void response.end(),
  });
  response.uncork();
  response.on('close', close);
}
