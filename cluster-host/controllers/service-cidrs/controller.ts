/**
 * ServiceCIDR and IPAddress (kubernetes.io/docs/tasks/network/extend-service-ip-ranges): a range stays as long as services have
 * addresses of it; each address that a service has is an object of its own. A key is `range/NAME` or `address/IP`.
 */
import type { V1ServiceCIDR } from '../../api/generated/types.ts';
import { millisecondsOf, timestamp } from '../../api/time.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult } from '../../client/controller.ts';
import { ipAddresses, serviceCidrs, services } from '../../client/resources.ts';
import { findCondition } from '../common/conditions.ts';
import { addressesOf, isNeeded, managedByLabel, manager } from './plan.ts';

const finalizer = 'networking.k8s.io/service-cidr-finalizer';
/** Addresses that were given out just before may not be known yet. */
const deletionGrace = 10_000;

export const serviceCidrsController: ControllerDefinition = {
  name: 'service-cidrs',
  eventSource: 'service-cidr-controller',
  watches: [
    { resource: serviceCidrs, keys: (_, __, informers) => informers.informer(serviceCidrs).lister.list().map(({ metadata }) => `range/${metadata?.name}`) },
    {
      resource: ipAddresses,
      keys: ({ metadata }, _, informers) => [`address/${metadata?.name}`, ...informers.informer(serviceCidrs).lister.list().filter((range) => range.metadata?.deletionTimestamp !== undefined).map((range) => `range/${range.metadata?.name}`)],
    },
    { resource: services, keys: (service, old) => [...addressesOf(old === undefined ? [service] : [service, old]).keys()].map((ip) => `address/${ip}`) },
  ],
  start: (context) => ({
    reconcile: (key) => {
      const name = key.slice(key.indexOf('/') + 1);
      return key.startsWith('range/') ? reconcileRange(context, name) : reconcileAddress(context, name);
    },
  }),
};

async function reconcileRange({ client, clock, informers }: ControllerContext, name: string): Promise<ReconcileResult | void> {
  const range = informers.informer(serviceCidrs).lister.get('', name);
  if (range === undefined) return;
  const resource = client.resource(serviceCidrs);
  const { deletionTimestamp, finalizers = [] } = range.metadata ?? {};
  const say = async (current: V1ServiceCIDR, status: 'True' | 'False', reason: string, message: string): Promise<void> => {
    if (findCondition(current.status?.conditions, 'Ready')?.status === status) return;
    const condition = { type: 'Ready', status, reason, message, lastTransitionTime: timestamp(clock.now()) };
    await resource.patch(name, { metadata: { uid: current.metadata?.uid }, status: { conditions: [condition] } }, { type: 'strategic', subresource: 'status' });
  };
  if (deletionTimestamp === undefined) {
    const current = finalizers.includes(finalizer) ? range : await resource.update({ ...range, metadata: { ...range.metadata, finalizers: [...finalizers, finalizer] } });
    await say(current, 'True', '', 'Kubernetes Service CIDR is ready');
    return;
  }
  if (!finalizers.includes(finalizer)) return;
  if (isNeeded(range, informers.informer(serviceCidrs).lister.list(), informers.informer(ipAddresses).lister.list())) {
    await say(range, 'False', 'Terminating', 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR');
    return;
  }
  const wait = (millisecondsOf(deletionTimestamp) ?? 0) + deletionGrace - clock.now();
  if (wait > 0) return { after: wait };
  await resource.update({ ...range, metadata: { ...range.metadata, finalizers: finalizers.filter((each) => each !== finalizer) } });
}

/** An address object is there as long as a service has the address. */
async function reconcileAddress({ client, informers }: ControllerContext, ip: string): Promise<void> {
  const resource = client.resource(ipAddresses);
  const wanted = addressesOf(informers.informer(services).lister.list()).get(ip);
  const present = informers.informer(ipAddresses).lister.get('', ip);
  try {
    if (present === undefined && wanted !== undefined) await resource.create(wanted);
    // What somebody else keeps is left to them.
    if (present !== undefined && wanted === undefined && present.metadata?.labels?.[managedByLabel] === manager) await resource.delete(ip, { preconditions: { uid: present.metadata.uid } });
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
  }
}
