/** Keeps a Lease alive: how a node or a component says that it still runs (kubernetes.io/docs/concepts/architecture/leases). */
import type { V1Lease, V1OwnerReference } from '../api/generated/types.ts';
import { microTimestamp } from '../api/time.ts';
import type { Clock, Disposable, Logger } from '../platform/platform.ts';
import { hasReason, type Client } from './client.ts';
import { leases } from './resources.ts';

export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  readonly holder: string;
  readonly durationSeconds: number;
  /** Asked when the lease is made: a node's lease belongs to the node. */
  readonly owner?: () => V1OwnerReference | undefined;
}

/** Renews four times within the lease's duration, at once and until disposed; failures are logged and tried again at the next turn. */
export function keepLease(surroundings: { readonly client: Client; readonly clock: Clock; readonly log: Logger }, options: LeaseOptions): Disposable {
  const stop = new AbortController();
  void renewForever(surroundings, options, stop.signal);
  return { dispose: () => stop.abort() };
}

async function renewForever({ client, clock, log }: Parameters<typeof keepLease>[0], options: LeaseOptions, signal: AbortSignal): Promise<void> {
  let lease: V1Lease | undefined;
  while (!signal.aborted) {
    try {
      lease = await renew(client, clock, options, lease);
    } catch (error) {
      lease = undefined;
      log.warn('the lease could not be renewed', { lease: `${options.namespace}/${options.name}`, error });
    }
    await clock.sleep((options.durationSeconds * 1000) / 4, signal);
  }
}

/** One renewal from the last known state; a conflict reads the state that is there and renews that. */
async function renew(client: Client, clock: Clock, options: LeaseOptions, known: V1Lease | undefined): Promise<V1Lease> {
  const resource = client.resource(leases, options.namespace);
  const renewTime = microTimestamp(clock.now());
  const spec = { holderIdentity: options.holder, leaseDurationSeconds: options.durationSeconds, renewTime };
  for (let current = known; ; ) {
    try {
      current ??= await resource.get(options.name);
      return await resource.update({ ...current, spec: { ...current.spec, ...spec } });
    } catch (error) {
      if (hasReason(error, 'NotFound')) {
        const owner = options.owner?.();
        const metadata = { name: options.name, namespace: options.namespace, ...(owner === undefined ? {} : { ownerReferences: [owner] }) };
        return await resource.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
      }
      if (!hasReason(error, 'Conflict') || current !== known) throw error;
      current = undefined;
      known = undefined;
    }
  }
}
