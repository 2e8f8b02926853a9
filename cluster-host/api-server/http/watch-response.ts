/** A watch as a chunked answer: one JSON object a line. A client that does not read is dropped. */
import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import type { Media } from '../negotiation/accept.ts';
import { mediaTypes } from '../negotiation/accept.ts';
import type { WatchSink } from '../request.ts';

/** Bytes that may wait for a slow client before it is given up. It can resume where it was. */
const mostWaiting = 16 * 1024 * 1024;

export function sendWatch(response: ServerResponse, open: (sink: WatchSink) => Disposable, media: Media): void {
  response.writeHead(200, { 'content-type': mediaTypes[media] });
  response.flushHeaders();
  let watch: Disposable | undefined;
  let over = false;
  const close = (): void => {
    over = true;
    watch?.dispose();
  };
  const write = (frame: Uint8Array): void => {
    if (over) return;
    response.write(frame);
    if (response.writableLength > mostWaiting) {
      close();
      response.destroy();
    }
  };
  response.on('close', close);
  watch = open({
    event: (type, version) => write(version.frame(type)),
    ended(status) {
      if (status !== undefined) write(errorFrame(status));
      close();
      response.end();
    },
  });
  if (over) watch.dispose();
}

export function errorFrame(status: KubeObject): Uint8Array {
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
}
