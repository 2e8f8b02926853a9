/** The status of a claim: a node that resized the volume says so, and nothing else. Pure. */
import type { V1PersistentVolumeClaim } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import { equal } from '../../../api/values.ts';
import type { AdmissionRequest } from '../admission.ts';

export function admitClaimStatus(node: string, { operation, object, old }: AdmissionRequest): string | undefined {
  if (operation !== 'UPDATE') return `unexpected operation ${JSON.stringify(operation)}`;
  return equal(rest(object), rest(old)) ? undefined : `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`;
}

/** What a node does not touch. */
function rest(claim: KubeObject | undefined): object {
  const { metadata, status, ...others }: V1PersistentVolumeClaim = claim ?? {};
  const { resourceVersion: _version, managedFields: _fields, ...keptMetadata } = metadata ?? {};
  const { capacity: _capacity, conditions: _conditions, allocatedResources: _resources, allocatedResourceStatuses: _statuses, ...keptStatus } = status ?? {};
  return { ...others, metadata: keptMetadata, status: keptStatus };
}
