/** Whether the node takes a pod that was assigned to it (kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption). Pure. */
import type { V1Node, V1Pod } from '../../api/generated/types.ts';
import { parseQuantity, quantityOf } from '../../api/quantity.ts';
import { isExtendedResource } from '../../api/validation/resources.ts';
import { hostPortsOf, isSamePort } from '../../api/scheduling/host-ports.ts';
import { matchesNodeSelector } from './node-selector.ts';
import type { ResizeRefusal } from '../pods/allocation.ts';
import { isTerminal } from '../pods/pod-facts.ts';
import type { WaitingReason } from '../pods/status.ts';

/** `others`: the pods that the node has taken already. */
export function rejectionOf(pod: V1Pod, others: readonly V1Pod[], node: V1Node | undefined, allocatable: Readonly<Record<string, string>>): WaitingReason | undefined {
  const sysctl = forbiddenSysctl(pod);
  if (sysctl !== undefined) return { reason: 'SysctlForbidden', message: `Pod was rejected: forbidden sysctl: "${sysctl}" not allowlisted` };
  // What others have told of the node counts too.
  const shortage = shortageFor(pod, others, { ...node?.status?.allocatable, ...allocatable });
  if (shortage !== undefined) return { reason: `OutOf${shortage.resource}`, message: `Pod was rejected: Node didn't have enough resource: ${shortage.text}` };
  if (node !== undefined && !matchesNodeSelector(pod, node)) {
    return { reason: 'NodeAffinity', message: "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  }
  const taken = others.filter((other) => !isTerminal(other)).flatMap(hostPortsOf);
  if (hostPortsOf(pod).some((port) => taken.some((other) => isSamePort(port, other)))) {
    return { reason: 'NodePorts', message: "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  }
  return undefined;
}

/** Why a pod that runs cannot have the resources that it asks for now: never on this node, or not as long as its others are there. */
export function resizeRefusal(pod: V1Pod, others: readonly V1Pod[], allocatable: Readonly<Record<string, string>>): ResizeRefusal | undefined {
  const wanted = requestsOf(pod);
  for (const resource of ['memory', 'cpu']) {
    const capacity = quantityOf(allocatable[resource]).nanos;
    const amount = wanted[resource] ?? 0n;
    if (amount > capacity) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${resource}, requested: ${shown(resource, amount)}, capacity: ${shown(resource, capacity)}` };
  }
  const shortage = shortageFor(pod, others, allocatable);
  return shortage === undefined ? undefined : { reason: 'Deferred', message: `Node didn't have enough resource: ${shortage.text}` };
}

function shortageFor(pod: V1Pod, others: readonly V1Pod[], allocatable: Readonly<Record<string, string>>): { readonly resource: string; readonly text: string } | undefined {
  const live = others.filter((other) => !isTerminal(other));
  const places = Number(allocatable['pods'] ?? 0);
  if (live.length + 1 > places) return shortage('pods', 1n, BigInt(live.length), BigInt(places));
  const wanted = requestsOf(pod);
  for (const resource of Object.keys(wanted).sort()) {
    // What the node knows nothing of belongs to the cluster: the scheduler alone counts it.
    if (isExtendedResource(resource) && allocatable[resource] === undefined) continue;
    const amount = wanted[resource] ?? 0n;
    const capacity = quantityOf(allocatable[resource]).nanos;
    const used = live.reduce((sum, other) => sum + (requestsOf(other)[resource] ?? 0n), 0n);
    if (amount > 0n && used + amount > capacity) return shortage(resource, shown(resource, amount), shown(resource, used), shown(resource, capacity));
  }
  return undefined;
}

/** Those that are safe for the node and for other pods (kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster). */
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

function forbiddenSysctl({ spec }: V1Pod): string | undefined {
  const names = (spec?.securityContext?.sysctls ?? []).map(({ name }) => name.replaceAll('/', '.'));
  return names.find((name) => !safeSysctls.has(name) || (spec?.hostNetwork === true && name.startsWith('net.')));
}

function shortage(resource: string, requested: bigint, used: bigint, capacity: bigint): { readonly resource: string; readonly text: string } {
  return { resource, text: `${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}` };
}

/** CPU in thousandths, the rest in whole units. */
function shown(resource: string, nanos: bigint): bigint {
  return resource === 'cpu' ? nanos / 1_000_000n : nanos / 1_000_000_000n;
}

/**
 * What a pod takes while it runs, in billionths by resource: main containers and sidecars together, or the greatest init
 * container with the sidecars that started before it, whichever is more.
 */
export function requestsOf(pod: V1Pod): Readonly<Record<string, bigint>> {
  const total = sum((pod.spec?.containers ?? []).map(({ resources }) => nanosOf(resources?.requests)));
  let sidecars: Record<string, bigint> = {};
  let peak: Record<string, bigint> = {};
  for (const { resources, restartPolicy } of pod.spec?.initContainers ?? []) {
    const own = nanosOf(resources?.requests);
    if (restartPolicy === 'Always') sidecars = sum([sidecars, own]);
    peak = greatest(peak, restartPolicy === 'Always' ? sidecars : sum([sidecars, own]));
  }
  return sum([greatest(sum([total, sidecars]), peak), nanosOf(pod.spec?.overhead)]);
}

function nanosOf(list: Readonly<Record<string, string>> = {}): Record<string, bigint> {
  return Object.fromEntries(Object.entries(list).map(([resource, text]) => {
    const parsed = parseQuantity(text);
    return [resource, parsed.ok ? parsed.value.nanos : 0n];
  }));
}

function sum(lists: readonly Readonly<Record<string, bigint>>[]): Record<string, bigint> {
  const total: Record<string, bigint> = {};
  for (const list of lists) for (const [resource, nanos] of Object.entries(list)) total[resource] = (total[resource] ?? 0n) + nanos;
  return total;
}

function greatest(a: Readonly<Record<string, bigint>>, b: Readonly<Record<string, bigint>>): Record<string, bigint> {
  const result: Record<string, bigint> = { ...a };
  for (const [resource, nanos] of Object.entries(b)) if (nanos > (result[resource] ?? 0n)) result[resource] = nanos;
  return result;
}
