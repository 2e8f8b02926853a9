/**
 * Services of type LoadBalancer (kubernetes.io/docs/concepts/services-networking/service/#loadbalancer): the balancer is the
 * proxy itself. Its rules hold on the engine's host, so a service's own address is one that the user's machine reaches too.
 *
 * An address that somebody else set stays; a service with a class of its own is somebody else's.
 */
import { hasReason } from '../../client/client.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { services } from '../../client/resources.ts';

export const serviceLoadBalancerController: ControllerDefinition = {
  name: 'service-lb',
  serviceAccount: 'service-controller',
  eventSource: 'service-controller',
  watches: [{ resource: services }],
  start: (context) => ({ reconcile: (key) => reconcile(context, key) }),
};

async function reconcile({ client, events, informers }: ControllerContext, key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const service = informers.informer(services).lister.get(namespace, name);
  const { type, clusterIP, loadBalancerClass } = service?.spec ?? {};
  const balanced = (service?.status?.loadBalancer?.ingress ?? []).length > 0;
  if (service === undefined || service.metadata?.deletionTimestamp !== undefined || loadBalancerClass !== undefined || (type === 'LoadBalancer') === balanced) return;
  const ingress = type === 'LoadBalancer' && clusterIP !== undefined ? [{ ip: clusterIP, ipMode: 'VIP' }] : undefined;
  try {
    await client.resource(services, namespace).update({ ...service, status: { ...service.status, loadBalancer: ingress === undefined ? {} : { ingress } } }, { subresource: 'status' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    return;
  }
  if (ingress !== undefined) events.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
}
