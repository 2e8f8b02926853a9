/** EndpointSlice: which addresses stand behind a service, in slices of a hundred. */
import type { V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition, KeysOf } from '../../client/controller.ts';
import { endpointSlices, nodes, pods, services } from '../../client/resources.ts';
import { Expectations } from '../common/expectations.ts';
import { textOf } from '../common/pod-control.ts';
import { lastChangeAnnotation, selectsPods, serviceKeysOfPod } from '../common/service-pods.ts';
import { timestamp } from '../../api/time.ts';
import { manager, managedByLabel, planSlices, serviceNameLabel } from './plan.ts';

const serviceIndex = 'service';

const sliceKeys: KeysOf<V1EndpointSlice> = (slice) => (slice.metadata?.labels?.[managedByLabel] === manager ? serviceOf(slice) : []);

export const endpointSliceController: ControllerDefinition = {
  name: 'endpointslice',
  eventSource: 'endpoint-slice-controller',
  watches: [
    { resource: services },
    { resource: pods, keys: serviceKeysOfPod },
    { resource: endpointSlices, keys: sliceKeys },
    { resource: nodes, keys: () => [] },
  ],
  start: (context) => {
    const expectations = new Expectations(context.clock);
    const informer = context.informers.informer(endpointSlices);
    informer.addIndex(serviceIndex, serviceOf);
    // Slices have generated names: a copy that does not show a new one yet must not make another.
    informer.onChange({
      added: (slice) => sliceKeys(slice, undefined, context.informers).forEach((key) => expectations.creationObserved(key)),
      deleted: (slice) => sliceKeys(slice, undefined, context.informers).forEach((key) => expectations.deletionObserved(key, slice.metadata?.uid ?? '')),
    });
    return { reconcile: (key) => reconcile(context, expectations, key) };
  },
};

/** The key of the service whose slice this is. */
function serviceOf({ metadata }: V1EndpointSlice): readonly string[] {
  const service = metadata?.labels?.[serviceNameLabel];
  return service === undefined ? [] : [`${metadata?.namespace}/${service}`];
}

async function reconcile(context: ControllerContext, expectations: Expectations, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const service = context.informers.informer(services).lister.get(namespace, name);
  // What a deleted service leaves behind is the garbage collector's.
  if (service === undefined || service.metadata?.deletionTimestamp !== undefined) {
    expectations.forget(key);
    return;
  }
  if (!selectsPods(service) || !expectations.satisfied(key)) return;
  const nodeLister = context.informers.informer(nodes).lister;
  const existing = context.informers.informer(endpointSlices).lister.byIndex(serviceIndex, key).filter(({ metadata }) => metadata?.labels?.[managedByLabel] === manager);
  const plan = planSlices(service, context.informers.informer(pods).lister.list(namespace), (node) => nodeLister.get('', node), existing);
  try {
    await apply(context, expectations, service, plan);
  } catch (error) {
    if (!hasReason(error, 'Conflict')) {
      context.events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', `Error updating Endpoint Slices for Service ${key}: ${textOf(error)}`);
    }
    throw error;
  }
}

async function apply(context: ControllerContext, expectations: Expectations, service: V1Service, plan: ReturnType<typeof planSlices>): Promise<void> {
  const key = keyOf(service);
  const resource = context.client.resource(endpointSlices, service.metadata?.namespace);
  const stamped = (slice: V1EndpointSlice): V1EndpointSlice => {
    const annotations = { ...slice.metadata?.annotations, [lastChangeAnnotation]: timestamp(context.clock.now()) };
    return (slice.endpoints ?? []).length === 0 ? slice : { ...slice, metadata: { ...slice.metadata, annotations } };
  };
  for (const slice of plan.create) {
    expectations.expectCreations(key, 1);
    try {
      await resource.create(stamped(slice));
    } catch (error) {
      expectations.creationObserved(key);
      throw error;
    }
  }
  for (const slice of plan.update) await resource.update(stamped(slice));
  for (const { metadata } of plan.delete) {
    expectations.expectDeletion(key, metadata?.uid ?? '');
    try {
      await resource.delete(metadata?.name ?? '');
    } catch (error) {
      expectations.deletionObserved(key, metadata?.uid ?? '');
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}
