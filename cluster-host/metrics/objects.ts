/** Usage as objects of `metrics.k8s.io/v1beta1`, spelled as metrics-server spells it. Pure. */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import type { KubeObject } from '../api/object.ts';
import { formatQuantity } from '../api/quantity.ts';
import { timestamp } from '../api/time.ts';
import { metricsGroup, metricsVersion } from './kinds.ts';

export interface Amounts {
  /** Billionths of a CPU. */
  readonly nanoCores: number;
  /** Bytes. */
  readonly workingSet: number;
}

/** What a kubelet tells of its node. */
export interface NodeUsage {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds. */
  readonly window: number;
  readonly usage: Amounts;
  readonly pods: readonly { readonly uid: string; readonly containers: readonly { readonly name: string; readonly usage: Amounts }[] }[];
}

const apiVersion = `${metricsGroup}/${metricsVersion}`;

export function nodeMetrics({ metadata }: V1Node, { time, window, usage }: NodeUsage, now: number): KubeObject {
  return { kind: 'NodeMetrics', apiVersion, metadata: about(metadata, now), timestamp: timestamp(time), window: windowText(window), usage: usageOf(usage) };
}

/** Undefined where nothing of the pod was measured. */
export function podMetrics({ metadata }: V1Pod, { time, window, pods }: NodeUsage, now: number): KubeObject | undefined {
  const measured = pods.find(({ uid }) => uid === metadata?.uid)?.containers ?? [];
  if (measured.length === 0) return undefined;
  const containers = measured.map(({ name, usage }) => ({ name, usage: usageOf(usage) }));
  return { kind: 'PodMetrics', apiVersion, metadata: about(metadata, now), timestamp: timestamp(time), window: windowText(window), containers };
}

function about(metadata: V1Pod['metadata'], now: number): NonNullable<KubeObject['metadata']> {
  const { name, namespace, labels } = metadata ?? {};
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }), creationTimestamp: timestamp(now), ...(labels === undefined ? {} : { labels }) };
}

function usageOf({ nanoCores, workingSet }: Amounts): Readonly<Record<string, string>> {
  return {
    cpu: formatQuantity({ nanos: BigInt(Math.round(nanoCores)), format: 'DecimalSI' }),
    memory: formatQuantity({ nanos: BigInt(Math.round(workingSet)) * 1_000_000_000n, format: 'BinarySI' }),
  };
}

/** A duration as Go writes it: `15.023s`, `1m2s`. */
function windowText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(milliseconds % 60_000) / 1000}s`;
}
