/** `pods/portforward`. */
import { badRequest } from '../../../api/status.ts';
import { ApiFailure } from '../../failure.ts';
import { negotiate, portForwardProtocols } from '../channels.ts';
import { nodeOfPod } from '../pod-target.ts';
import { forwardChannels, PortForwardStreams, portsOf, spdyPortForwardProtocol, type Forward } from '../port-forward.ts';
import type { StreamContext, StreamHandler } from '../streams.ts';
import { refuseProtocols, requireUpgrade } from './negotiation.ts';
import { acceptSpdy, offeredProtocols, serveSpdy, tunnel, type SpdyConnection } from './spdy.ts';
import { acceptWebSocket, isWebSocket, requestedProtocols, type Upgrade } from './websocket.ts';

const tunnelPrefix = 'SPDY/3.1+';
const spdyProtocols = [{ name: spdyPortForwardProtocol }];

export function portForwardHandler(context: StreamContext): StreamHandler {
  return async (target, exchange) => {
    const { namespace, name, object, query, signal } = target;
    const upgrade = requireUpgrade(exchange);
    const node = nodeOfPod(context.nodes, object);
    const pod = { name, uid: object.metadata?.uid ?? '' };
    const forward: Forward = (port, input, output, streamSignal) => node.portForward({ namespace, pod: name, uid: pod.uid }, port, input, output, streamSignal);
    const serve = async (connection: SpdyConnection): Promise<void> => {
      let streams: PortForwardStreams | undefined;
      await serveSpdy(
        connection,
        context.platform.clock,
        signal,
        (stream, session) => {
          streams ??= new PortForwardStreams(pod, forward, (done) => session.forget(done));
          streams.add(stream);
        },
        // The client decides when it has forwarded enough.
        () => new Promise(() => undefined),
      );
    };
    if (!isWebSocket(upgrade.request)) return await serve(acceptSpdyForward(upgrade));
    const wishes = requestedProtocols(upgrade.request);
    if (wishes.includes(tunnelPrefix + spdyPortForwardProtocol)) {
      return await serve(tunnel(await acceptWebSocket(upgrade, tunnelPrefix + spdyPortForwardProtocol, signal)));
    }
    const protocol = negotiate(wishes, portForwardProtocols);
    if (protocol === undefined) throw refuseProtocols(wishes, [...portForwardProtocols, { name: tunnelPrefix + spdyPortForwardProtocol }]);
    const ports = portsOf(query);
    const connection = await acceptWebSocket(upgrade, protocol.name, signal);
    return await forwardChannels(connection, protocol, ports, pod, forward, AbortSignal.any([signal, connection.closed]));
  };
}

function acceptSpdyForward(upgrade: Upgrade): SpdyConnection {
  const offered = offeredProtocols(upgrade);
  if (offered.length === 0) throw new ApiFailure(badRequest('unable to upgrade: X-Stream-Protocol-Version is required'));
  const protocol = negotiate(offered, spdyProtocols);
  if (protocol === undefined) throw refuseProtocols(offered, spdyProtocols);
  return acceptSpdy(upgrade, protocol.name);
}
