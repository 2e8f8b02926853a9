/** Moves a watch's events to a connection, whatever kind of connection it is. */
import type { Answer } from '../request.ts';
import type { Backlog } from './backlog.ts';
import type { WatchFrames } from './watch-frames.ts';

export interface Connection {
  send(frame: Uint8Array): void;
  readonly backlog: Backlog;
  /** Breaks off. */
  drop(): void;
  /** Ends in order. */
  end(): void;
}

/** Returns what is to be called when the client is gone. */
export function feedWatch(open: Extract<Answer, { type: 'watch' }>['open'], frames: WatchFrames, connection: Connection): () => void {
  let over = false;
  let begun = false;
  const send = (frame: Uint8Array): void => {
    if (over) return;
    connection.send(frame);
    if (!begun || !connection.backlog.exceeded) return;
    close();
    connection.drop();
  };
  const watch = open({
    event: (type, version) => send(frames.event(type, version)),
    ended(status) {
      if (status !== undefined) send(frames.error(status));
      over = true;
      connection.end();
    },
  });
  const close = (): void => {
    over = true;
    watch.dispose();
  };
  begun = true;
  connection.backlog.begin();
  return close;
}
