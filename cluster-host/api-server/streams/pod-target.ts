/** Which container of which pod a streaming request means, in Kubernetes' words where that is not clear. */
import type { V1Pod } from '../../api/generated/types.ts';
import type { ContainerTarget, NodeConnection, NodeConnections } from '../node-connection.ts';
import { badRequest, internalError } from '../../api/status.ts';
import { ApiFailure } from '../failure.ts';
import type { StreamTarget } from './streams.ts';

/** Names of a pod's containers in the order in which Kubernetes visits them. */
function containerNames(pod: V1Pod): readonly string[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec ?? { containers: [] };
  return [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
}

/** The container that was asked for, or the only one. Throws BadRequest. */
export function chooseContainer(pod: V1Pod, asked: string): string {
  const podName = pod.metadata?.name ?? '';
  const names = containerNames(pod);
  if (asked !== '') {
    if (!names.includes(asked)) throw new ApiFailure(badRequest(`container ${asked} is not valid for pod ${podName}`));
    return asked;
  }
  const [only, second] = pod.spec?.containers ?? [];
  if (only === undefined) throw new ApiFailure(badRequest(`a container name must be specified for pod ${podName}`));
  if (second !== undefined) throw new ApiFailure(badRequest(`a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]`));
  return only.name;
}

export function containerTarget({ object, namespace, name, query }: StreamTarget): ContainerTarget {
  const container = chooseContainer(object, query.get('container') ?? '');
  return { namespace, pod: name, container, ...(object.metadata?.uid === undefined ? {} : { uid: object.metadata.uid }) };
}

/** The node that runs the pod. Throws where it has none, or where its kubelet is not connected. */
export function nodeOfPod(nodes: NodeConnections, pod: V1Pod): NodeConnection {
  const name = pod.spec?.nodeName ?? '';
  if (name === '') throw new ApiFailure(badRequest(`pod ${pod.metadata?.name ?? ''} does not have a host assigned`));
  return connectionTo(nodes, name);
}

export function connectionTo(nodes: NodeConnections, name: string): NodeConnection {
  const node = nodes.node(name);
  if (node === undefined) throw new ApiFailure(internalError(`error dialing backend: no kubelet is connected for node "${name}"`));
  return node;
}

/** As Kubernetes reads a boolean of a query: present means yes, but for `false` and `0`. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}
