/** `apiservices/proxy`: passes requests on to the server that an APIService names, and vouches for who asks (https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/). */
import type { OutgoingHttpHeaders } from 'node:http';
import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { V1APIService, V1EndpointSlice, V1Service } from '../../../api/generated/types.ts';
import { isPlace, placeOf } from '../../aggregation/remote-service.ts';
import { reasonOf } from '../../admission/webhooks/sockets/https-caller.ts';
import type { ServicePlace } from '../../admission/webhooks/webhook-caller.ts';
import { serviceUnavailable } from '../../failure.ts';
import type { FrontProxy, UserInfo } from '../../server.ts';
import type { StreamContext, StreamHandler } from '../streams.ts';
import { ConnectionDuplex } from './connection-duplex.ts';
import { passExchange } from './proxy-handler.ts';

export function aggregationHandler(context: StreamContext): StreamHandler {
  return async ({ object, user, signal }, exchange) => {
    const service = object as V1APIService;
    const place = await findPlace(context, service);
    const connection = await connectTo(context, place, service, signal).catch((error: unknown) => {
      throw serviceUnavailable(`error trying to reach service: ${reasonOf(error)}`);
    });
    const { request } = exchange;
    await passExchange({ request, prefix: '', path: request.url ?? '/', target: { ...place, scheme: 'https' }, connection, identity: identityOf(user) }, exchange, signal);
  };
}

async function findPlace(context: StreamContext, service: V1APIService): Promise<ServicePlace> {
  const { name = '', namespace = '' } = service.spec?.service ?? {};
  const [found, slices] = await Promise.all([context.read('', 'services', namespace, name), context.list('discovery.k8s.io', 'endpointslices', namespace)]);
  const place = placeOf(service, found as V1Service | undefined, slices as readonly V1EndpointSlice[], (count) => Math.floor(context.platform.random.float() * count));
  if (!isPlace(place)) throw serviceUnavailable(place.message);
  return place;
}

/** Through the node where one is named and connected, straight where not. Rejects where the certificate is not trusted. */
async function connectTo({ nodes, frontProxy }: StreamContext, { host, port, node }: ServicePlace, { spec }: V1APIService, signal: AbortSignal): Promise<Duplex> {
  const connection = await nodes.node(node)?.connect(host, port, signal);
  const socket = connection === undefined ? connectSocket({ host, port }) : new ConnectionDuplex(connection);
  const { name = '', namespace = '' } = spec?.service ?? {};
  const secured = connectTls({ socket, servername: `${name}.${namespace}.svc`, ...trustOf(spec), ...clientOf(frontProxy) });
  await new Promise<void>((resolve, reject) => {
    secured.once('secureConnect', resolve);
    secured.once('error', reject);
    socket.once('error', reject);
  });
  return secured;
}

function trustOf(spec: V1APIService['spec']): object {
  if (spec?.insecureSkipTLSVerify === true) return { rejectUnauthorized: false };
  return spec?.caBundle ? { ca: Buffer.from(spec.caBundle, 'base64').toString() } : {};
}

function clientOf(frontProxy: FrontProxy | undefined): object {
  return frontProxy === undefined ? {} : { cert: frontProxy.certificate, key: frontProxy.key };
}

function identityOf({ name, uid, groups, extra = {} }: UserInfo): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'x-remote-user': name, 'x-remote-group': [...groups], ...(uid !== undefined && { 'x-remote-uid': uid }) };
  for (const [key, values] of Object.entries(extra)) headers[`x-remote-extra-${encodeURIComponent(key)}`] = [...values];
  return headers;
}

