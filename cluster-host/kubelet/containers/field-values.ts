/** What `fieldRef` and `resourceFieldRef` yield (kubernetes.io/docs/concepts/workloads/pods/downward-api). Pure. */
import type { V1Container, V1Pod, V1ResourceFieldSelector } from '../../api/generated/types.ts';
import { parseQuantity, quantityOf } from '../../api/quantity.ts';
import { containersOf, nameOf, namespaceOf, uidOf } from '../pods/pod-facts.ts';

/** What of a pod is known only to its node. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly hostIp: string;
  /** Undefined until the pod has an address. */
  readonly podIp: string | undefined;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** Undefined where the path names nothing that the downward API offers. */
export function fieldValue(pod: V1Pod, path: string, facts: NodeFacts): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript !== null) return pod.metadata?.[subscript[1] as 'labels' | 'annotations']?.[subscript[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return nameOf(pod);
    case 'metadata.namespace':
      return namespaceOf(pod);
    case 'metadata.uid':
      return uidOf(pod);
    case 'metadata.labels':
      return mapText(pod.metadata?.labels);
    case 'metadata.annotations':
      return mapText(pod.metadata?.annotations);
    case 'spec.nodeName':
      return facts.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec?.serviceAccountName ?? 'default';
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return facts.podIp ?? '';
    default:
      return undefined;
  }
}

/** One `key="value"` a line, in order of keys, the value escaped as Go quotes it. */
function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

/** Units of the divisor, rounded up; a limit that is not set is what the node has to give. */
export function resourceValue(pod: V1Pod, selector: V1ResourceFieldSelector, container: V1Container | undefined, facts: NodeFacts): string | undefined {
  const target = selector.containerName === undefined || selector.containerName === '' ? container : containersOf(pod).find(({ spec }) => spec.name === selector.containerName)?.spec;
  const [kind, resource = ''] = selector.resource.split(/\.(.*)/s);
  if (target === undefined || (kind !== 'limits' && kind !== 'requests')) return undefined;
  const resources = target.resources ?? {};
  const amount = quantityOf((kind === 'limits' ? resources.limits?.[resource] : resources.requests?.[resource]) ?? (kind === 'limits' ? facts.allocatable[resource] : undefined));
  const divisor = parseQuantity(selector.divisor ?? '1');
  const unit = divisor.ok && divisor.value.nanos !== 0n ? divisor.value.nanos : 1_000_000_000n;
  return String((amount.nanos + unit - 1n) / unit);
}
