/** Devices, and who gets them. */
import { fill, fillEmpty } from '../defaults/fill.ts';
import { invalid } from '../field-errors.ts';
import type { ResourceV1ResourceClaim, V1DeviceClaim, V1DeviceClass, V1DeviceSubRequest, V1ExactDeviceRequest, V1ResourceClaimTemplate } from '../generated/types.ts';
import { boundedList } from '../validation/device-names.ts';
import { unchanged } from '../validation/errors.ts';
import { validateTemplateMeta } from '../validation/object-meta.ts';
import { validateClaimStatus } from '../validation/resource-claim-status.ts';
import { validateConfiguration, validateDeviceClaim, validateSelectors } from '../validation/resource-claim.ts';
import { isExtendedResource } from '../validation/resources.ts';
import { ageColumn, text } from './columns.ts';
import { authoredMetadata, defineKind } from './define-kind.ts';

const group = 'resource.k8s.io';
const maxConfigs = 32;

export const deviceClass = defineKind<V1DeviceClass>({
  group,
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  generationOf: ['spec'],
  *validate({ spec }) {
    yield* validateSelectors(spec?.selectors ?? [], 'spec.selectors');
    yield* boundedList(spec?.config ?? [], maxConfigs, 'spec.config', ({ opaque }, at) => validateConfiguration(opaque, at));
    if (spec?.extendedResourceName !== undefined && !isExtendedResource(spec.extendedResourceName)) {
      yield invalid('spec.extendedResourceName', spec.extendedResourceName, 'must be a valid extended resource name');
    }
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
    keptMetadata: authoredMetadata,
    validateUpdate: validateClaimStatus,
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
