/** Asks the client for live objects and images; a cluster that is slow, failing or absent counts as not connected. */
import type { Connection } from 'vscode-languageserver';
import type { LiveObjects } from '../features/feature.ts';
import type { ServerRequests } from '../messages.ts';

/** Milliseconds that somebody waits for a cluster. */
const patience = 1500;

export function liveObjectsOf(connection: Connection): LiveObjects {
  return (query) => inTime(connection, 'kubicle/liveObjects', query, { connected: false });
}

export async function liveImagesOf(connection: Connection): Promise<readonly string[]> {
  return (await inTime(connection, 'kubicle/images', {}, { images: [] })).images;
}

async function inTime<M extends keyof ServerRequests>(connection: Connection, method: M, params: ServerRequests[M]['params'], otherwise: ServerRequests[M]['result']): Promise<ServerRequests[M]['result']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ServerRequests[M]['result']>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), patience);
  });
  try {
    return await Promise.race([connection.sendRequest<ServerRequests[M]['result']>(method, params), late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
