/**
 * How many replicas a metric asks for (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details). Pure.
 *
 * Amounts are thousandths. Pods that are not ready yet, or that no metric is known of, are counted so that they hold a change
 * back, never so that they turn its direction.
 */
import type { V1Pod } from '../../api/generated/types.ts';
import { millisecondsOf } from '../../api/time.ts';
import { isReady } from '../common/pods.ts';

/** What is known of a pod's metric. */
export interface PodMetric {
  /** Thousandths. */
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds. */
  readonly window: number;
}

export type PodMetrics = ReadonlyMap<string, PodMetric>;

/** How far a ratio may be from 1 without a change. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

export interface Proposal {
  readonly replicas: number;
  /** Per cent of what was requested. */
  readonly utilization?: number;
  /** Thousandths: the average of a pod, or the whole. */
  readonly value: number;
}

export interface Fleet {
  readonly pods: readonly V1Pod[];
  readonly metrics: PodMetrics;
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  readonly now: number;
}

/** Kubernetes' own periods, in milliseconds: a starting container may use much CPU that says nothing. */
const cpuInitialization = 5 * 60_000;
const initialReadiness = 30_000;

interface Groups {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  /** Metrics that count. */
  readonly metrics: ReadonlyMap<string, number>;
}

function group({ pods, metrics, now }: Fleet, isCpu: boolean): Groups {
  const [unready, missing]: [string[], string[]] = [[], []];
  const counted = new Map([...metrics].map(([name, { value }]) => [name, value]));
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata?.name ?? '';
    const metric = metrics.get(name);
    if (pod.metadata?.deletionTimestamp !== undefined || pod.status?.phase === 'Failed') counted.delete(name);
    else if (pod.status?.phase === 'Pending' || (metric !== undefined && isCpu && isUnready(pod, metric, now))) {
      unready.push(name);
      counted.delete(name);
    } else if (metric === undefined) missing.push(name);
    else ready++;
  }
  return { ready, unready, missing, metrics: counted };
}

function isUnready({ status }: V1Pod, metric: PodMetric, now: number): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  const started = millisecondsOf(status?.startTime);
  if (condition === undefined || started === undefined) return true;
  const changed = millisecondsOf(condition.lastTransitionTime) ?? 0;
  if (started + cpuInitialization > now) return condition.status === 'False' || metric.time < changed + metric.window;
  return condition.status === 'False' && started + initialReadiness > changed;
}

/** `requests`: thousandths by pod. Throws with Kubernetes' words where nothing can be said. */
export function replicasForUtilization(fleet: Fleet, requests: ReadonlyMap<string, number>, target: number, isCpu: boolean): Proposal {
  const groups = group(fleet, isCpu);
  if (groups.metrics.size === 0) throw new Error('did not receive metrics for any ready pods');
  const measure = (metrics: ReadonlyMap<string, number>) => utilizationOf(metrics, requests, target);
  const first = measure(groups.metrics);
  // What is missing is taken to use all that it asked for when the fleet may shrink.
  const fallback = (name: string): number => Math.trunc(((requests.get(name) ?? 0) * Math.max(100, target)) / 100);
  return { ...first.shown, replicas: decide(fleet, groups, first.ratio, (metrics) => measure(metrics).ratio, fallback) };
}

export function replicasForAverage(fleet: Fleet, target: number, isCpu: boolean): Proposal {
  const groups = group(fleet, isCpu);
  if (groups.metrics.size === 0) throw new Error('did not receive metrics for any ready pods');
  const average = (metrics: ReadonlyMap<string, number>): number => Math.trunc(sum(metrics.values()) / metrics.size);
  const value = average(groups.metrics);
  return { value, replicas: decide(fleet, groups, value / target, (metrics) => average(metrics) / target, () => target) };
}

function decide(fleet: Fleet, { ready, unready, missing, metrics }: Groups, ratio: number, again: (metrics: ReadonlyMap<string, number>) => number, fallback: (name: string) => number): number {
  const { currentReplicas, tolerances } = fleet;
  const waiting = unready.length > 0 && ratio > 1;
  if (!waiting && missing.length === 0) return isWithin(ratio, tolerances) ? currentReplicas : Math.ceil(ratio * ready);
  const filled = new Map(metrics);
  if (ratio < 1) for (const name of missing) filled.set(name, fallback(name));
  else if (ratio > 1) for (const name of missing) filled.set(name, 0);
  if (waiting) for (const name of unready) filled.set(name, 0);
  const next = again(filled);
  if (isWithin(next, tolerances) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return currentReplicas;
  const replicas = Math.ceil(next * filled.size);
  return (next < 1 && replicas > currentReplicas) || (next > 1 && replicas < currentReplicas) ? currentReplicas : replicas;
}

function utilizationOf(metrics: ReadonlyMap<string, number>, requests: ReadonlyMap<string, number>, target: number): { readonly ratio: number; readonly shown: { readonly utilization: number; readonly value: number } } {
  const known = [...metrics].filter(([name]) => requests.has(name));
  const requested = sum(known.map(([name]) => requests.get(name) ?? 0));
  if (requested === 0) throw new Error('no metrics returned matched known pods');
  const used = sum(known.map(([, value]) => value));
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / target, shown: { utilization, value: Math.trunc(used / known.length) } };
}

/** A value that belongs to no pod is compared with what the ready pods are to bear. */
export function replicasForValue({ pods, currentReplicas, tolerances }: Fleet, value: number, target: number): Proposal {
  const ratio = value / target;
  if (currentReplicas === 0) return { value, replicas: Math.ceil(ratio) };
  if (isWithin(ratio, tolerances)) return { value, replicas: currentReplicas };
  if (pods.length === 0) throw new Error('unable to calculate ready pods: no pods returned by selector while calculating replica count');
  return { value, replicas: Math.ceil(ratio * pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length) };
}

/** A value that is shared out among so many replicas. */
export function replicasForShare(value: number, target: number, statusReplicas: number, tolerances: Tolerances): Proposal {
  const ratio = value / (target * statusReplicas);
  return { value: statusReplicas === 0 ? 0 : Math.ceil(value / statusReplicas), replicas: isWithin(ratio, tolerances) ? statusReplicas : Math.ceil(value / target) };
}

function isWithin(ratio: number, { scaleUp, scaleDown }: Tolerances): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
