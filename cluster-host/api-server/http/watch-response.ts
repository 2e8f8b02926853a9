/** A watch as a chunked answer. A client that does not read is dropped. */
import type { ServerResponse } from 'node:http';
import type { Answer } from '../request.ts';
import { Backlog } from './backlog.ts';
import { feedWatch } from './feed-watch.ts';
import type { WatchFrames } from './watch-frames.ts';

export function sendWatch(response: ServerResponse, open: Extract<Answer, { type: 'watch' }>['open'], frames: WatchFrames): void {
  response.writeHead(200, { 'content-type': frames.contentType });
  response.flushHeaders();
  const close = feedWatch(open, frames, {
    send: (frame) => void response.write(frame),
    backlog: new Backlog(() => response.writableLength),
    drop: () => void response.destroy(),
    end: () => void response.end(),
  });
  response.on('close', close);
}
