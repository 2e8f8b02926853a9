/** `pods/exec` and `pods/attach`. */
import { badRequest } from '../../../api/status.ts';
import { ApiFailure } from '../../failure.ts';
import { channelProcess } from '../channel-process.ts';
import { negotiate, remoteCommandProtocols } from '../channels.ts';
import { containerTarget, nodeOfPod } from '../pod-target.ts';
import { attachTo, execIn, processOptions, runProcess, type ProcessOptions, type RemoteProcess } from '../remote-command.ts';
import { spdyProcess, spdyProcessProtocols, SpdyStreams } from '../spdy-process.ts';
import type { StreamContext, StreamExchange, StreamHandler, StreamTarget } from '../streams.ts';
import { refuseProtocols, requireUpgrade } from './negotiation.ts';
import { acceptSpdy, offeredProtocols, serveSpdy } from './spdy.ts';
import { acceptWebSocket, isWebSocket, requestedProtocols, type Upgrade } from './websocket.ts';

export function execHandler(context: StreamContext): StreamHandler {
  return async (target, exchange) => {
    const node = nodeOfPod(context.nodes, target.object);
    await serveProcess(context, target, exchange, execIn(node, containerTarget(target), target.query.getAll('command')));
  };
}

export function attachHandler(context: StreamContext): StreamHandler {
  return async (target, exchange) => {
    const node = nodeOfPod(context.nodes, target.object);
    await serveProcess(context, target, exchange, attachTo(node, containerTarget(target)));
  };
}

async function serveProcess(context: StreamContext, target: StreamTarget, exchange: StreamExchange, process: RemoteProcess): Promise<void> {
  const upgrade = requireUpgrade(exchange);
  const options = processOptions(target.query);
  if (isWebSocket(upgrade.request)) await overWebSocket(upgrade, options, process, target.signal);
  else await overSpdy(context, upgrade, options, process, target.signal);
}

async function overWebSocket(upgrade: Upgrade, options: ProcessOptions, process: RemoteProcess, signal: AbortSignal): Promise<void> {
  const wishes = requestedProtocols(upgrade.request);
  const protocol = negotiate(wishes, remoteCommandProtocols);
  if (protocol === undefined) throw refuseProtocols(wishes, remoteCommandProtocols);
  const connection = await acceptWebSocket(upgrade, protocol.name, signal);
  await runProcess(channelProcess(connection, protocol, options), options.tty, process, AbortSignal.any([signal, connection.closed]));
}

async function overSpdy(context: StreamContext, upgrade: Upgrade, options: ProcessOptions, process: RemoteProcess, signal: AbortSignal): Promise<void> {
  const offered = offeredProtocols(upgrade);
  const protocol = negotiate(offered.length === 0 ? ['channel.k8s.io'] : offered, spdyProcessProtocols);
  if (protocol === undefined) throw refuseProtocols(offered, spdyProcessProtocols);
  if (upgrade.request.headers.upgrade?.toUpperCase() !== 'SPDY/3.1') throw new ApiFailure(badRequest('unable to upgrade: missing upgrade headers in request'));
  const connection = acceptSpdy(upgrade, offered.length === 0 ? '' : protocol.name);
  const streams = new SpdyStreams(protocol, options);
  await serveSpdy(connection, context.platform.clock, signal, (stream) => streams.add(stream), async (session) => {
    if (!(await streams.complete(context.platform.clock))) return;
    await runProcess(spdyProcess(session, streams, protocol), options.tty, process, AbortSignal.any([signal, connection.closed]));
  });
}
