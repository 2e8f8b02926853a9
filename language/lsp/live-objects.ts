/** Asks the client for live objects; a cluster that is slow, failing or absent counts as not connected. */
import { RequestType } from 'vscode-languageserver';
import type { Connection } from 'vscode-languageserver';
import type { LiveObjects } from '../features/feature.ts';
import type { ServerRequests } from '../messages.ts';

type Ask = ServerRequests['kubicle/liveObjects'];

const request = new RequestType<Ask['params'], Ask['result'], void>('kubicle/liveObjects');
/** Milliseconds that a hover waits for a cluster. */
const patience = 1500;

export function liveObjectsOf(connection: Connection): LiveObjects {
  return async (query) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Ask['result']>((resolve) => {
      timer = setTimeout(() => resolve({ connected: false }), patience);
    });
    try {
      return await Promise.race([connection.sendRequest(request, query), late]);
    } catch {
      return { connected: false };
    } finally {
      clearTimeout(timer);
    }
  };
}
