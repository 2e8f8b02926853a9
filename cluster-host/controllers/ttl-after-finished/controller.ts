/** Deletes jobs some time after they ended, where they ask for it (kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished). */
import type { V1Job } from '../../api/generated/types.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { jobs } from '../../client/resources.ts';
import { millisecondsOf } from '../../api/time.ts';

/** Milliseconds until the job expires: 0 when it has, undefined when it never will. */
export function untilExpired(job: V1Job, now: number): number | undefined {
  const seconds = job.spec?.ttlSecondsAfterFinished;
  const end = job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  const ended = millisecondsOf(end?.lastTransitionTime);
  if (seconds === undefined || ended === undefined || job.metadata?.deletionTimestamp !== undefined) return undefined;
  return Math.max(0, ended + seconds * 1000 - now);
}

export const ttlAfterFinishedController: ControllerDefinition = {
  name: 'ttl-after-finished',
  watches: [{ resource: jobs }],
  start: ({ client, informers, clock }) => ({
    reconcile: async (key) => {
      const [namespace = '', name = ''] = key.split('/');
      const job = informers.informer(jobs).lister.get(namespace, name);
      const wait = job === undefined ? undefined : untilExpired(job, clock.now());
      if (job === undefined || wait === undefined) return undefined;
      if (wait > 0) return { after: wait };
      try {
        // The time may have been changed meanwhile: asked of the server itself.
        const fresh = await client.resource(jobs, namespace).get(name);
        if (untilExpired(fresh, clock.now()) !== 0) return undefined;
        await client.resource(jobs, namespace).delete(name, { propagationPolicy: 'Foreground', preconditions: { uid: fresh.metadata?.uid } });
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error;
      }
      return undefined;
    },
  }),
};
