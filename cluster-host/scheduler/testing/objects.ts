/** Nodes and pods in few words, for scheduler tests. */
import type { V1Node, V1Pod } from '../../api/generated/types.ts';

export function node(name: string, more: { cpu?: string; memory?: string; pods?: string; labels?: Record<string, string>; spec?: V1Node['spec']; images?: { names: string[]; sizeBytes: number }[] } = {}): V1Node {
  const { cpu = '4', memory = '8Gi', pods = '110', labels = {}, spec = {}, images } = more;
  const allocatable = { cpu, memory, pods };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } }, spec, status: { allocatable, capacity: allocatable, images } };
}

export function pod(name: string, more: { cpu?: string; memory?: string; labels?: Record<string, string>; spec?: Partial<V1Pod['spec']>; status?: V1Pod['status'] } = {}): V1Pod {
  const { cpu, memory, labels, spec, status } = more;
  const requests = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { schedulerName: 'default-scheduler', containers: [{ name: 'main', image: 'main', resources: { requests } }], ...spec },
    status: { phase: 'Pending', ...status },
  };
}
