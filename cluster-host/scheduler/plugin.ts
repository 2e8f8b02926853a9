/**
 * Contract of scheduling plugins (kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework).
 *
 * A plugin looks at a pod once and answers with what it has to say about nodes, or with nothing where the pod does not concern
 * it. Pure: it reads the cluster, changes nothing, and does not throw.
 */
import type { V1Namespace, V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '../api/generated/types.ts';
import type { Selector } from '../api/selectors/label-selector.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

/** Why a node will not do. `unresolvable`: nor would it if pods on it made room. */
export interface Refusal {
  readonly reasons: readonly string[];
  readonly unresolvable: boolean;
}

export interface PluginOpinion {
  /** The pod can go nowhere, whatever the node. */
  readonly refusal?: Refusal;
  /** Names of the only nodes worth a look. */
  readonly only?: ReadonlySet<string>;
  readonly filter?: (node: NodeInfo) => Refusal | undefined;
  /** Higher is better. From 0 to 100 unless `normalize` brings it there. */
  readonly score?: (node: NodeInfo) => number;
  readonly normalize?: (scores: readonly number[]) => readonly number[];
}

/** What happened in the cluster, as far as it may help a pod that found no place. */
export type ClusterEvent = 'nodeAdded' | 'nodeChanged' | 'podAdded' | 'podChanged' | 'podRemoved' | 'volumeChanged';

export interface Plugin {
  /** Kubernetes' own name: `NodeResourcesFit`. */
  readonly name: string;
  /** How much its score counts. */
  readonly weight?: number;
  /** The events after which a pod that it refused is worth another look. */
  readonly helpedBy: readonly ClusterEvent[];
  look(pod: PodInfo, cluster: ClusterView): PluginOpinion | undefined;
}

/** What plugins may know of the cluster. */
export interface ClusterView {
  readonly nodes: ReadonlyMap<string, NodeInfo>;
  namespace(name: string): V1Namespace | undefined;
  claim(namespace: string, name: string): V1PersistentVolumeClaim | undefined;
  volume(name: string): V1PersistentVolume | undefined;
  volumes(): readonly V1PersistentVolume[];
  storageClass(name: string): V1StorageClass | undefined;
  /** Selects the pod and its like, by the services and the controller that it belongs to; undefined where it belongs to none. */
  siblings(pod: PodInfo): Selector | undefined;
}

export function refuse(...reasons: readonly string[]): Refusal {
  return { reasons, unresolvable: false };
}

export function refuseForGood(...reasons: readonly string[]): Refusal {
  return { reasons, unresolvable: true };
}

/** Scales scores so that the best is 100, or the worst where lower is better. */
export function proportionally(scores: readonly number[], lowerIsBetter = false): readonly number[] {
  const most = Math.max(0, ...scores);
  if (most === 0) return lowerIsBetter ? scores.map(() => 100) : scores;
  return scores.map((score) => Math.trunc((score * 100) / most)).map((score) => (lowerIsBetter ? 100 - score : score));
}
