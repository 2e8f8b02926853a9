/** A kubelet of few words for controller tests: binds pods, makes them ready, lets dying ones go. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { TestSurroundings } from '../../client/testing/test-surroundings.ts';
import type { Disposable } from '../../platform/platform.ts';
import { pods } from '../../client/resources.ts';
import { timestamp } from '../../api/time.ts';

export interface RunPodsOptions {
  /** Milliseconds from creation to ready; negative: never. */
  readonly startup?: (pod: V1Pod) => number;
  /** Exit code with which the pod ends a second after it became ready; left out: it runs on. */
  readonly exitCode?: (pod: V1Pod) => number | undefined;
}

export function runPods({ client, clock, informers }: TestSurroundings, options: RunPodsOptions = {}): Disposable {
  const informer = informers.informer(pods);
  const status = (pod: V1Pod, status: unknown): void => {
    const { namespace, name = '' } = pod.metadata ?? {};
    void client.resource(pods, namespace).patch(name, { status }, { type: 'strategic', subresource: 'status' }).catch(() => {});
  };
  let address = 0;
  return informer.onChange({
    added: (pod) => {
      const delay = options.startup?.(pod) ?? 1000;
      if (delay < 0 || pod.status?.phase !== 'Pending') return;
      const podIP = `10.0.${Math.floor(++address / 250)}.${(address % 250) + 1}`;
      const ready = () => ({ type: 'Ready', status: 'True', lastTransitionTime: timestamp(clock.now()) });
      clock.after(delay, () => status(pod, { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [ready()] }));
      const exitCode = options.exitCode?.(pod);
      if (exitCode === undefined) return;
      const end = () => ({ name: 'main', restartCount: 0, ready: false, image: '', imageID: '', state: { terminated: { exitCode, finishedAt: timestamp(clock.now()) } } });
      clock.after(delay + 1000, () => status(pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [end()], conditions: [{ ...ready(), status: 'False' }] }));
    },
    updated: (pod) => {
      if (pod.metadata?.deletionTimestamp === undefined) return;
      const { namespace, name = '' } = pod.metadata;
      clock.after(500, () => void client.resource(pods, namespace).delete(name, { gracePeriodSeconds: 0 }).catch(() => {}));
    },
  });
}
