/** Devices, and who gets them. */
import { fill, fillEmpty } from '../defaults/fill.ts';
import { duplicate, invalid, required, tooMany } from '../field-errors.ts';
import type {
  ResourceV1ResourceClaim,
  V1DeviceClaim,
  V1DeviceClass,
  V1DeviceSubRequest,
  V1ExactDeviceRequest,
  V1ResourceClaimTemplate,
  V1ResourceSlice,
  V1ResourceSliceSpec,
} from '../generated/types.ts';
import { validateNodeSelector } from '../validation/affinity.ts';
import type { Errors } from '../validation/errors.ts';
import { dnsLabel, dnsSubdomain, nonNegative, qualifiedName, unchanged } from '../validation/errors.ts';
import { validateTemplateMeta } from '../validation/object-meta.ts';
import { validateConfiguration, validateDeviceClaim, validateSelectors } from '../validation/resource-claim.ts';
import { csiDriverName } from '../validation/volume-sources.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const group = 'resource.k8s.io';
const maxDevices = 128;

export const deviceClass = defineKind<V1DeviceClass>({
  group,
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  generationOf: ['spec'],
  *validate({ spec }) {
    yield* validateSelectors(spec?.selectors ?? [], 'spec.selectors');
    for (const [index, { opaque }] of (spec?.config ?? []).entries()) yield* validateConfiguration(opaque, `spec.config[${index}]`);
    if (spec?.extendedResourceName !== undefined) yield* qualifiedName('spec.extendedResourceName', spec.extendedResourceName);
  },
  columns: [ageColumn],
});

export const resourceClaim = defineKind<ResourceV1ResourceClaim>({
  group,
  kind: 'ResourceClaim',
  model: 'ResourceV1ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  setDefaults: ({ spec }) => setClaimDefaults(spec?.devices),
  *validate({ spec }) {
    yield* validateDeviceClaim(spec?.devices ?? {}, 'spec.devices');
  },
  *validateUpdate({ spec }, old) {
    yield* unchanged('spec', spec, old.spec);
  },
  status: {
    *validateUpdate({ status }) {
      const reserved = status?.reservedFor ?? [];
      if (reserved.length > 256) yield tooMany('status.reservedFor', reserved.length, 256);
      const uids = new Set<string>();
      for (const [index, { resource, name, uid }] of reserved.entries()) {
        const at = `status.reservedFor[${index}]`;
        for (const [field, value] of Object.entries({ resource, name, uid })) if (!value) yield required(`${at}.${field}`);
        if (uids.has(uid)) yield duplicate(`${at}.uid`, uid);
        uids.add(uid);
      }
      if (reserved.length > 0 && !status?.allocation) yield invalid('status.reservedFor', reserved, 'may not be specified when `allocated` is not set');
    },
  },
  columns: [text('State', 'What became of the claim.', stateOf), ageColumn],
});

function stateOf({ metadata, status }: ResourceV1ResourceClaim): string {
  const states: string[] = [];
  if (metadata?.deletionTimestamp) states.push('deleted');
  if (status?.allocation) states.push('allocated');
  if ((status?.reservedFor ?? []).length > 0) states.push('reserved');
  return states.join(',') || 'pending';
}

export const resourceClaimTemplate = defineKind<V1ResourceClaimTemplate>({
  group,
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  setDefaults: ({ spec }) => setClaimDefaults(spec?.spec?.devices),
  *validate({ spec }) {
    yield* validateTemplateMeta(spec?.metadata, 'spec.metadata');
    yield* validateDeviceClaim(spec?.spec?.devices ?? {}, 'spec.spec.devices');
  },
  *validateUpdate({ spec }, old) {
    yield* unchanged('spec', spec, old.spec);
  },
  columns: [ageColumn],
});

function setClaimDefaults(claim: V1DeviceClaim | undefined): void {
  for (const { exactly, firstAvailable = [] } of claim?.requests ?? []) {
    if (exactly) setRequestDefaults(exactly);
    firstAvailable.forEach(setRequestDefaults);
  }
}

function setRequestDefaults(request: V1ExactDeviceRequest | V1DeviceSubRequest): void {
  fillEmpty(request, { allocationMode: 'ExactCount' });
  if (request.allocationMode === 'ExactCount') fillEmpty(request, { count: 1 });
  for (const toleration of request.tolerations ?? []) fill(toleration, { operator: 'Equal' });
}

export const resourceSlice = defineKind<V1ResourceSlice>({
  group,
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.driver': ({ spec }) => spec?.driver ?? '',
  },
  generationOf: ['spec'],
  *validate({ spec }) {
    if (spec) yield* validateSlice(spec);
  },
  *validateUpdate({ spec }, old) {
    if (spec) yield* validateSlice(spec);
    yield* unchanged('spec.driver', spec?.driver, old.spec?.driver);
    yield* unchanged('spec.pool.name', spec?.pool?.name, old.spec?.pool?.name);
    yield* unchanged('spec.nodeName', spec?.nodeName, old.spec?.nodeName);
  },
  columns: [
    text('Node', 'The node of the devices.', ({ spec }) => spec?.nodeName || (spec?.allNodes === true ? '<all>' : '<unset>')),
    text('Driver', 'Who drives them.', ({ spec }) => spec?.driver ?? ''),
    text('Pool', 'The pool they belong to.', ({ spec }) => spec?.pool?.name ?? ''),
    ageColumn,
  ],
});

function* validateSlice(spec: V1ResourceSliceSpec): Errors {
  const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection, devices = [], pool } = spec;
  const given = [nodeName, nodeSelector, allNodes, perDeviceNodeSelection].filter((value) => value !== undefined && value !== false && value !== '');
  const detail = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (given.length === 0) yield required('spec', detail);
  else if (given.length > 1) yield invalid('spec', '{}', detail);
  if (nodeName) yield* dnsSubdomain('spec.nodeName', nodeName);
  if (nodeSelector) yield* validateNodeSelector(nodeSelector, 'spec.nodeSelector');
  yield* csiDriverName('spec.driver', spec.driver ?? '');
  if (!pool?.name) yield required('spec.pool.name');
  else for (const part of pool.name.split('/')) yield* dnsSubdomain('spec.pool.name', part);
  if ((pool?.resourceSliceCount ?? 0) <= 0) yield invalid('spec.pool.resourceSliceCount', pool?.resourceSliceCount ?? 0, 'must be greater than zero');
  yield* nonNegative('spec.pool.generation', pool?.generation);
  if (devices.length > maxDevices) yield tooMany('spec.devices', devices.length, maxDevices);
  const names = new Set<string>();
  for (const [index, { name }] of devices.entries()) {
    const at = `spec.devices[${index}].name`;
    if (!name) yield required(at);
    else yield* dnsLabel(at, name);
    if (names.has(name)) yield duplicate(at, name);
    names.add(name);
  }
}
