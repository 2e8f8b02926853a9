/**
 * The kubelet's own HTTP API (kubernetes.io/docs/concepts/architecture/control-plane-node-communication), without a socket: the API
 * server asks it for `nodes/NAME/proxy/…`, having checked that the caller may. What changes something is refused: pods are
 * reached through the API server.
 */
import type { V1Pod } from '../../api/generated/types.ts';
import type { ByteSource } from '../../platform/streams.ts';
import type { ConnectionError, KubeletConnection, PodLogOptions } from '../node-connection.ts';
import type { ContainerState, RuntimeInfo } from '../runtime/runtime.ts';
import type { NodeUsage } from '../usage/node-usage.ts';
import { containerMetrics, kubeletMetrics, resourceMetrics } from './metrics.ts';
import { type Metric, prometheusText, prometheusType } from './prometheus.ts';
import { summaryOf } from './summary.ts';

export interface KubeletRequest {
  readonly method: string;
  /** With its leading slash, without a query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface KubeletAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | ByteSource;
}

/** What the API tells of. */
export interface KubeletView {
  readonly nodeName: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly info: RuntimeInfo;
  /** `KubeletConfiguration` of `kubelet.config.k8s.io/v1beta1`. */
  readonly configuration: object;
  pods(): readonly V1Pod[];
  /** How many pods have a sandbox that runs. */
  runningPods(): number;
  containerStates(): readonly ContainerState[];
  usage(): Promise<NodeUsage>;
}

type Route = (view: KubeletView, request: KubeletRequest) => KubeletAnswer | Promise<KubeletAnswer>;

const routes: Readonly<Record<string, Route>> = {
  '/healthz': () => text('ok'),
  '/healthz/log': () => text('ok'),
  '/healthz/ping': () => text('ok'),
  '/healthz/syncloop': () => text('ok'),
  '/configz': ({ configuration }) => json({ kubeletconfig: configuration }),
  '/pods': (view) => json(podList(view.pods())),
  '/runningpods': (view) => json(podList(view.pods().filter(({ status }) => status?.phase === 'Running'))),
  '/stats/summary': async (view) => json(summaryOf({ ...view, memory: view.info.memory }, await view.usage())),
  '/metrics': (view) => metrics(kubeletMetrics(view.nodeName, view.runningPods(), view.containerStates())),
  '/metrics/cadvisor': async (view) => metrics(containerMetrics(await view.usage(), view.info)),
  '/metrics/probes': () => metrics([]),
  '/metrics/resource': async (view) => metrics(resourceMetrics(await view.usage())),
  // The node has no logs but those of its containers.
  '/logs': () => ({ status: 200, contentType: 'text/html; charset=utf-8', body: '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n</pre>\n' }),
};

export async function askKubelet(view: KubeletView, connection: KubeletConnection, request: KubeletRequest, signal: AbortSignal): Promise<KubeletAnswer> {
  const path = request.path.replace(/(?<=.)\/$/, '');
  const [, namespace, pod, container] = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const route = routes[path];
  if (route === undefined && container === undefined) return notFound;
  if (request.method !== 'GET' && request.method !== 'HEAD') return { ...text('405: Method Not Allowed'), status: 405 };
  if (route !== undefined) return route(view, request);
  try {
    const body = await connection.logs({ namespace: namespace ?? '', pod: pod ?? '', container: container ?? '' }, logOptions(request.query), signal);
    return { status: 200, contentType: 'text/plain', body };
  } catch (error) {
    return { ...text(`${(error as Error).message}\n`), status: statusOf(error as ConnectionError) };
  }
}

const notFound: KubeletAnswer = { ...text('404 page not found\n'), status: 404 };

function text(body: string): KubeletAnswer {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}

function json(body: object): KubeletAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

function metrics(all: readonly Metric[]): KubeletAnswer {
  return { status: 200, contentType: prometheusType, body: prometheusText(all) };
}

function podList(items: readonly V1Pod[]): object {
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items };
}

function logOptions(query: URLSearchParams): PodLogOptions {
  const flag = (name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';
  const number = (name: string): number | undefined => (/^\d+$/.test(query.get(name) ?? '') ? Number(query.get(name)) : undefined);
  const [tailLines, sinceSeconds, limitBytes, sinceTime] = [number('tailLines'), number('sinceSeconds'), number('limitBytes'), query.get('sinceTime')];
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceTime === null ? {} : { sinceTime }),
  };
}

function statusOf({ code }: ConnectionError): number {
  return { NotFound: 404, BadRequest: 400, InternalError: 500, Unavailable: 503 }[code] ?? 500;
}
