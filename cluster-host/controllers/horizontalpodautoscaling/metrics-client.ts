/**
 * Reads metrics from the APIs that have them: `metrics.k8s.io`, and `custom.metrics.k8s.io` and `external.metrics.k8s.io` where an
 * APIService provides them. Rejections carry Kubernetes' words.
 */
import type { V2CrossVersionObjectReference } from '../../api/generated/types.ts';
import { quantityMilliValue, quantityOf } from '../../api/quantity.ts';
import { millisecondsOf } from '../../api/time.ts';
import type { Client } from '../../client/client.ts';
import type { PodMetric, PodMetrics } from './replica-count.ts';

const milliseconds = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
/** Of a metric that does not say over what it was taken. */
const usualWindow = 60_000;

export class MetricsClient {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** `container`: of that one alone. `selector`: as text. */
  async resource(resource: string, namespace: string, selector: string, container: string | undefined): Promise<PodMetrics> {
    const items = await this.#items('resource metrics API', `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`, { labelSelector: selector });
    if (items.length === 0) throw new Error('no metrics returned from resource metrics API');
    return new Map(items.flatMap((item) => {
      const value = container === undefined ? ofPod(item, resource) : ofContainer(item, resource, container);
      return value === undefined ? [] : [[item.metadata.name, { value, time: timeOf(item), window: durationOf(item.window) }] as const];
    }));
  }

  /** Of the pods that the selector selects. */
  async pods(metric: string, namespace: string, selector: string, metricSelector: string): Promise<PodMetrics> {
    const items = await this.#custom(`namespaces/${namespace}/pods/*/${encodeURIComponent(metric)}`, { labelSelector: selector, metricLabelSelector: metricSelector });
    if (items.length === 0) throw new Error('no metrics returned from custom metrics API');
    return new Map(items.map((item): [string, PodMetric] => [item.describedObject?.name ?? '', { value: milli(item.value), time: timeOf(item), window: (item.windowSeconds ?? usualWindow / 1000) * 1000 }]));
  }

  /** Thousandths. `plural`: of the object's kind, with its group: `ingresses.networking.k8s.io`. */
  async object(metric: string, namespace: string, { kind, name }: V2CrossVersionObjectReference, plural: string, metricSelector: string): Promise<number> {
    // A namespace is described from within.
    const path = kind === 'Namespace' ? `namespaces/${name}/metrics` : `namespaces/${namespace}/${plural}/${name}`;
    const [item] = await this.#custom(`${path}/${encodeURIComponent(metric)}`, { metricLabelSelector: metricSelector });
    if (item === undefined) throw new Error('the custom metrics API returned no value');
    return milli(item.value);
  }

  /** Thousandths, of each series. */
  async external(metric: string, namespace: string, metricSelector: string): Promise<readonly number[]> {
    const items = await this.#items('external metrics API', `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${encodeURIComponent(metric)}`, { labelSelector: metricSelector });
    if (items.length === 0) throw new Error('no metrics returned from external metrics API');
    return items.map(({ value }) => milli(value));
  }

  async #custom(path: string, query: Readonly<Record<string, string>>): Promise<readonly any[]> {
    const { body } = await this.#client.request({ method: 'GET', path: '/apis' });
    const group = (body.groups ?? []).find(({ name }: { name: string }) => name === 'custom.metrics.k8s.io');
    if (group === undefined) throw new Error('unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered');
    const version = group.versions.some((each: { version: string }) => each.version === 'v1beta2') ? 'v1beta2' : group.preferredVersion.version;
    return this.#items('custom metrics API', `/apis/custom.metrics.k8s.io/${version}/${path}`, query);
  }

  async #items(api: string, path: string, query: Readonly<Record<string, string>>): Promise<readonly any[]> {
    try {
      const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
      return (await this.#client.request({ method: 'GET', path, query: asked })).body.items ?? [];
    } catch (error) {
      throw new Error(`unable to fetch metrics from ${api}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Undefined where a container's usage is not known: the sum would say too little. */
function ofPod({ containers }: any, resource: string): number | undefined {
  const values: unknown[] = containers.map(({ usage }: any) => usage?.[resource]);
  return values.includes(undefined) ? undefined : values.reduce((sum: number, value) => sum + milli(value), 0);
}

function ofContainer({ metadata, containers }: any, resource: string, name: string): number | undefined {
  const container = containers.find((each: any) => each.name === name);
  if (container === undefined) throw new Error(`container ${name} not present in metrics for pod ${metadata.namespace}/${metadata.name}`);
  const value = container.usage?.[resource];
  return value === undefined ? undefined : milli(value);
}

function milli(value: unknown): number {
  return quantityMilliValue(quantityOf(value as string));
}

function timeOf({ timestamp }: any): number {
  return millisecondsOf(timestamp) ?? 0;
}

/** A duration as Go writes it: `1m2.5s`. */
function durationOf(text: string | undefined): number {
  const parts = [...(text ?? '').matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return parts.length === 0 ? usualWindow : parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * milliseconds[unit as keyof typeof milliseconds], 0);
}
