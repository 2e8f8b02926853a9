/** Carries what informers tell into the scheduler's picture and its queue. */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import type { Informers } from '../client/informer.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, pods, storageClasses } from '../client/resources.ts';
import type { Disposable } from '../platform/platform.ts';
import type { ClusterCache } from './cluster-cache.ts';
import { podInfoOf } from './pod-info.ts';
import type { SchedulingQueue } from './queue.ts';
import { isFinished, isWaiting } from './waiting.ts';

/** `gone` hears of pods that need no node any more. */
export function watchCluster(informers: Informers, cache: ClusterCache, queue: SchedulingQueue, gone: (uid: string) => void): Disposable[] {
  const volumeChanged = (): void => queue.happened('volumeChanged');
  const volumes = { added: volumeChanged, updated: volumeChanged };
  return [
    informers.informer(nodes).onChange({
      added: (node) => {
        cache.putNode(node);
        queue.happened('nodeAdded');
      },
      updated: (node, old) => {
        cache.putNode(node);
        if (mayHelp(node, old)) queue.happened('nodeChanged');
      },
      deleted: ({ metadata }) => cache.removeNode(metadata?.name ?? ''),
    }),
    informers.informer(pods).onChange(podHandler(cache, queue, gone)),
    informers.informer(persistentVolumeClaims).onChange(volumes),
    informers.informer(persistentVolumes).onChange(volumes),
    informers.informer(storageClasses).onChange(volumes),
  ];
}

/** A heartbeat helps nobody: only what plugins read counts. */
function mayHelp(node: V1Node, old: V1Node): boolean {
  const read = ({ metadata, spec, status }: V1Node): string => JSON.stringify([metadata?.labels, spec?.taints, spec?.unschedulable, status?.allocatable]);
  return read(node) !== read(old);
}

function podHandler(cache: ClusterCache, queue: SchedulingQueue, gone: (uid: string) => void) {
  const leave = (pod: V1Pod): void => {
    const uid = pod.metadata?.uid ?? '';
    cache.removePod(uid);
    queue.remove(uid);
    gone(uid);
  };
  const placed = (pod: V1Pod): boolean => (pod.spec?.nodeName ?? '') !== '' && !isFinished(pod);
  return {
    added: (pod: V1Pod) => {
      if (isWaiting(pod)) queue.put(podInfoOf(pod));
      if (!placed(pod)) return;
      cache.putPod(pod);
      queue.happened('podAdded');
    },
    updated: (pod: V1Pod, old: V1Pod) => {
      const uid = pod.metadata?.uid ?? '';
      if (placed(pod)) {
        queue.remove(uid);
        gone(uid);
        cache.putPod(pod);
        if (!placed(old)) queue.happened('podAdded');
        else if (countsFor(pod) !== countsFor(old)) queue.happened('podChanged');
      } else if (isWaiting(pod)) {
        if (!cache.isAssumed(uid)) queue.put(podInfoOf(pod));
      } else {
        leave(pod);
        if (placed(old)) queue.happened('podRemoved');
      }
    },
    deleted: (pod: V1Pod) => {
      leave(pod);
      queue.happened('podRemoved');
    },
  };
}

/** What of a placed pod others may care about: its labels, and what it takes. */
function countsFor({ metadata, spec }: V1Pod): string {
  return JSON.stringify([metadata?.labels, spec?.containers.map(({ resources }) => resources)]);
}
