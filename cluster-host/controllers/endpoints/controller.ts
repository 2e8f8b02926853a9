/** Endpoints: the addresses behind a service in the old form, for clients that still read it. */
import type { V1Endpoints, V1Service } from '../../api/generated/types.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { endpoints, pods, services } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { lastChangeAnnotation, selectsPods, serviceKeysOfPod } from '../common/service-pods.ts';
import { timestamp } from '../../api/time.ts';
import { isManaged, overCapacityAnnotation, planEndpoints } from './plan.ts';

export const endpointsController: ControllerDefinition = {
  name: 'endpoints',
  serviceAccount: 'endpoint-controller',
  eventSource: 'endpoint-controller',
  watches: [{ resource: services }, { resource: pods, keys: serviceKeysOfPod }, { resource: endpoints }],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile(context: ControllerContext, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const service = context.informers.informer(services).lister.get(namespace, name);
  const current = context.informers.informer(endpoints).lister.get(namespace, name);
  const resource = context.client.resource(endpoints, namespace);
  if (service === undefined) {
    if (current !== undefined && isManaged(current)) await resource.delete(name).catch(ignoreNotFound);
    return;
  }
  if (!selectsPods(service)) return;
  const wanted = endpointsOf(context, service, current);
  if (current === undefined) await resource.create(wanted);
  else if (!equal(shown(current), shown(wanted))) await resource.update(wanted);
}

function endpointsOf(context: ControllerContext, service: V1Service, current: V1Endpoints | undefined): V1Endpoints {
  const { name, namespace } = service.metadata ?? {};
  const plan = planEndpoints(service, context.informers.informer(pods).lister.list(namespace));
  const { [overCapacityAnnotation]: _, ...annotations } = current?.metadata?.annotations ?? {};
  if (plan.truncated) annotations[overCapacityAnnotation] = 'truncated';
  annotations[lastChangeAnnotation] = timestamp(context.clock.now());
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...current?.metadata, name, namespace, labels: plan.labels, annotations },
    ...(plan.subsets.length === 0 ? {} : { subsets: plan.subsets }),
  };
}

/** What must differ for a write: not the time of the last one. */
function shown({ metadata, subsets }: V1Endpoints): unknown {
  return { labels: metadata?.labels, truncated: metadata?.annotations?.[overCapacityAnnotation], subsets: subsets ?? [] };
}

function ignoreNotFound(error: unknown): void {
  if (!hasReason(error, 'NotFound')) throw error;
}
