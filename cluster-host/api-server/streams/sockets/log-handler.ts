/** `pods/log`: as a plain answer that goes on while the log does, or as messages of a WebSocket. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { V1Pod } from '../../../api/generated/types.ts';
import type { ByteSource } from '../../../platform/streams.ts';
import { negotiate, readerProtocols } from '../channels.ts';
import { logOptions } from '../logs.ts';
import { connectionTo, containerTarget } from '../pod-target.ts';
import type { StreamContext, StreamHandler, StreamTarget } from '../streams.ts';
import { refuseProtocols } from './negotiation.ts';
import { acceptWebSocket, requestedProtocols, type Upgrade } from './websocket.ts';

export function logHandler(context: StreamContext): StreamHandler {
  return async (target, exchange) => {
    const log = await openLog(context, target);
    if (exchange.type === 'plain') await writeTo(exchange.response, log, target.signal);
    else await sendOver(exchange, log, target.signal);
  };
}

/** A pod that was not given to a node yet has an empty log. */
async function openLog({ nodes }: StreamContext, target: StreamTarget): Promise<ByteSource> {
  const options = logOptions(target.name, target.query);
  const container = containerTarget(target);
  const nodeName = (target.object as V1Pod).spec?.nodeName ?? '';
  if (nodeName === '') return nothing();
  return await connectionTo(nodes, nodeName).logs(container, options, target.signal);
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {
  // Ends at once.
}

async function writeTo(response: ServerResponse, log: ByteSource, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  try {
    for await (const chunk of log) {
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
    response.end();
  } catch {
    // The status line is out: a broken connection is the only way left to say that the log broke.
    response.destroy();
  }
}

async function sendOver(upgrade: Upgrade, log: ByteSource, signal: AbortSignal): Promise<void> {
  const wishes = requestedProtocols(upgrade.request);
  const protocol = negotiate(wishes, readerProtocols);
  if (protocol === undefined) throw refuseProtocols(wishes, readerProtocols);
  const connection = await acceptWebSocket(upgrade, protocol.name, signal);
  try {
    for await (const chunk of log) {
      await connection.send(protocol.base64 ? Buffer.from(chunk).toString('base64') : chunk);
    }
  } catch {
    // The client left, or the log broke: either way nothing follows.
  }
  await connection.close();
}
