import { setResourceListDefaults } from '../defaults/resources.ts';
import { duplicate, forbidden } from '../field-errors.ts';
import type { V1Node } from '../generated/types.ts';
import type { Errors } from '../validation/errors.ts';
import { validateCidr, validateDualStack } from '../validation/ip.ts';
import { validateResourceQuantity } from '../validation/resources.ts';
import { validateTaints } from '../validation/taints.ts';
import { ageColumn, none, text, unknown, wide } from './columns.ts';
import { defineKind, keep } from './define-kind.ts';

export const node = defineKind<V1Node>({
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: { proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'NodeProxyOptions' } },
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false) },
  setDefaults({ spec, status }) {
    if (status?.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
    setResourceListDefaults(status?.capacity);
    setResourceListDefaults(status?.allocatable);
    // The first of the CIDRs is also kept alone, as it was before there could be two.
    if (spec?.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
    else if (spec?.podCIDRs?.[0] && !spec.podCIDR) spec.podCIDR = spec.podCIDRs[0];
  },
  keepsStatusOnCreate: true,
  prepareForUpdate(object, old) {
    if (object.spec) keep(object.spec, old.spec ?? {}, 'configSource');
  },
  *validate(object) {
    yield* validateTaints(object.spec?.taints ?? [], 'metadata.taints');
    yield* validateResources(object);
    const cidrs = object.spec?.podCIDRs ?? [];
    for (const [index, cidr] of cidrs.entries()) yield* validateCidr(`spec.podCIDRs[${index}]`, cidr);
    yield* validateDualStack('spec.podCIDRs', cidrs, cidrs, 'CIDR');
  },
  validateUpdate,
  status: { validateUpdate },
  warnings: ({ spec }) => [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
  ],
  columns: [
    text('Status', 'Whether the node is ready, and takes new pods.', statusOf),
    text('Roles', 'What the node is for.', rolesOf),
    ageColumn,
    text('Version', 'Version of the kubelet.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide(text('Internal-IP', 'Address within the cluster.', (object) => addressOf(object, 'InternalIP'))),
    wide(text('External-IP', 'Address from outside.', (object) => addressOf(object, 'ExternalIP'))),
    wide(text('OS-Image', 'Operating system.', ({ status }) => status?.nodeInfo?.osImage || unknown)),
    wide(text('Kernel-Version', 'Version of the kernel.', ({ status }) => status?.nodeInfo?.kernelVersion || unknown)),
    wide(text('Container-Runtime', 'Container runtime and its version.', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || unknown)),
  ],
});

function* validateResources({ status }: V1Node): Errors {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, text] of Object.entries(status?.[list] ?? {})) yield* validateResourceQuantity(name, text, `status.${list}.${name}`);
  }
}

function* validateUpdate(object: V1Node, old: V1Node): Errors {
  yield* validateResources(object);
  const seen = new Set<string>();
  for (const [index, address] of (object.status?.addresses ?? []).entries()) {
    const key = `${address.type}/${address.address}`;
    if (seen.has(key)) yield duplicate(`status.addresses[${index}]`, address);
    seen.add(key);
  }
  yield* validateAssignedOnce(object, old);
  yield* validateTaints(object.spec?.taints ?? [], 'metadata.taints');
  if ((object.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) yield forbidden('spec.externalID', 'may not be updated');
}

/** CIDRs and provider id may be given to a node that has none, and stay then. */
function* validateAssignedOnce({ spec = {} }: V1Node, { spec: old = {} }: V1Node): Errors {
  const cidrs = spec.podCIDRs ?? [];
  const before = old.podCIDRs ?? [];
  const detail = 'node updates may not change podCIDR except from "" to valid';
  if (before.length > 0 && before.length !== cidrs.length) yield forbidden('spec.podCIDRs', detail);
  else for (const [index, cidr] of before.entries()) if (cidr !== cidrs[index]) yield forbidden('spec.podCIDRs', detail);
  if (old.providerID && old.providerID !== spec.providerID) yield forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
}

function statusOf({ spec, status }: V1Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec?.unschedulable === true) words.push('SchedulingDisabled');
  return words.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: V1Node): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(metadata?.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].toSorted().join(',') || none;
}

function addressOf({ status }: V1Node, type: string): string {
  return status?.addresses?.find((address) => address.type === type)?.address ?? none;
}
