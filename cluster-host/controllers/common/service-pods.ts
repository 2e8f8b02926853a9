/** What services make of the pods that they select; shared by the controllers of Endpoints and EndpointSlices. Pure. */
import type { V1Pod, V1Service, V1ServicePort } from '../../api/generated/types.ts';
import { matchesLabels, selectorOfLabels } from '../../api/selectors/label-selector.ts';
import type { KeysOf } from '../../client/controller.ts';
import { services } from '../../client/resources.ts';
import { equal } from './equal.ts';
import { isFinished, isReady } from './pods.ts';

export const lastChangeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
export const headlessLabel = 'service.kubernetes.io/headless';

export function isHeadless(service: V1Service): boolean {
  return service.spec?.clusterIP === 'None';
}

export function selectsPods(service: V1Service): boolean {
  return service.spec?.selector !== undefined && service.spec.type !== 'ExternalName';
}

export function podsOf(service: V1Service, pods: readonly V1Pod[]): readonly V1Pod[] {
  if (!selectsPods(service)) return [];
  const selector = selectorOfLabels(service.spec?.selector);
  return pods.filter((pod) => matchesLabels(selector, pod.metadata?.labels));
}

/** A pod that could be an endpoint: it has an address and has not ended. */
export function hasAddress(pod: V1Pod): boolean {
  return (pod.status?.podIP ?? '') !== '' && !isFinished(pod);
}

/** The number behind the service's target port in this pod; undefined where the pod has no port of that name. */
export function targetPort(port: V1ServicePort, pod: V1Pod): number | undefined {
  const target: unknown = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')];
  for (const container of containers) {
    const found = container.ports?.find(({ name, protocol = 'TCP' }) => name === target && protocol === (port.protocol ?? 'TCP'));
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

/** The name by which the pod is found under a headless service's name. */
export function hostnameOf(pod: V1Pod, service: V1Service): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  return hostname !== undefined && hostname !== '' && subdomain === service.metadata?.name ? hostname : undefined;
}

/** The services that a change of a pod concerns: all that select it, unless nothing changed that an endpoint shows. */
export const serviceKeysOfPod: KeysOf<V1Pod> = (pod, old, informers) => {
  if (old !== undefined && equal(shownOf(pod), shownOf(old))) return [];
  const { lister } = informers.informer(services);
  const keys = lister
    .list(pod.metadata?.namespace ?? '')
    .filter((service) => podsOf(service, old === undefined ? [pod] : [pod, old]).length > 0)
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
  return keys;
};

function shownOf(pod: V1Pod): unknown {
  const { labels, deletionTimestamp, name, namespace, uid } = pod.metadata ?? {};
  const { nodeName, hostname, subdomain } = pod.spec ?? {};
  return { labels, dying: deletionTimestamp !== undefined, name, namespace, uid, nodeName, hostname, subdomain, ready: isReady(pod), finished: isFinished(pod), ips: pod.status?.podIPs, ip: pod.status?.podIP };
}
