/** A node's pods: it makes mirror pods of its own, reports what becomes of those it runs, and lets them go. */
import type { V1Pod } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import { podReferences } from '../../../api/pod-references.ts';
import { equal } from '../../../api/values.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionRequest } from '../admission.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

export async function admitPod(registries: Registries, node: string, request: AdmissionRequest): Promise<string | undefined> {
  const { subresource, operation, namespace, name, old } = request;
  switch (subresource) {
    case '':
      if (operation === 'CREATE') return createProblem(registries, node, request.object ?? {});
      if (operation !== 'DELETE') return `unexpected operation ${JSON.stringify(operation)}, node ${JSON.stringify(node)} can only create and delete mirror pods`;
      return isOn(node, old) ? undefined : `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`;
    case 'status':
      return operation === 'UPDATE' ? statusProblem(node, request.object ?? {}, old ?? {}) : `unexpected operation ${JSON.stringify(operation)}`;
    case 'eviction': {
      if (operation !== 'CREATE') return `unexpected operation ${operation}`;
      const { object } = await registries.need('', 'v1', 'pods').get(namespace, name);
      return isOn(node, object) ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
    }
    default:
      return `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`;
  }
}

function isOn(node: string, pod: KubeObject | undefined): boolean {
  return pod?.['spec']?.nodeName === node;
}

async function createProblem(registries: Registries, node: string, pod: V1Pod): Promise<string | undefined> {
  const who = `node ${JSON.stringify(node)}`;
  if (pod.metadata?.annotations?.[mirrorAnnotation] === undefined) return `pod does not have ${JSON.stringify(mirrorAnnotation)} annotation, ${who} can only create mirror pods`;
  if (!isOn(node, pod)) return `${who} can only create pods with spec.nodeName set to itself`;
  const problem = await ownerProblem(registries, node, pod);
  if (problem !== undefined) return problem;
  const reference = referenceOf(pod);
  return reference === undefined ? undefined : `${who} can not create pods that reference ${reference === 'a service account' ? reference : JSON.stringify(reference)}`;
}

async function ownerProblem(registries: Registries, node: string, { metadata }: V1Pod): Promise<string | undefined> {
  const who = `node ${JSON.stringify(node)}`;
  const [owner, ...others] = metadata?.ownerReferences ?? [];
  if (others.length > 0) return `${who} can only create pods with a single owner reference set to itself`;
  if (owner === undefined || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) return `${who} can only create pods with an owner reference set to itself`;
  if (owner.controller !== true) return `${who} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion === true) return `${who} must not set blockOwnerDeletion on an owner reference`;
  const { object } = await registries.need('', 'v1', 'nodes').get('', node);
  const uid = object.metadata?.uid ?? '';
  return owner.uid === uid ? undefined : `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
}

/** A node must not be able to make a pod that gives it rights on other objects. */
function referenceOf(pod: V1Pod): string | undefined {
  const { spec } = pod;
  if ((spec?.serviceAccountName ?? '') !== '') return 'a service account';
  if ((spec?.imagePullSecrets ?? []).length > 0) return 'secrets';
  const ofContainers = podReferences({ ...pod, spec: { containers: [], ...spec, volumes: [] } });
  if (ofContainers.secrets.size > 0) return 'secrets';
  if (ofContainers.configMaps.size > 0) return 'configmaps';
  if ((spec?.resourceClaims ?? []).length > 0) return 'resourceclaims';
  for (const volume of spec?.volumes ?? []) {
    if (volume.configMap !== undefined) return 'configmaps (via configmap volumes)';
    if (volume.csi !== undefined) return 'csidrivers (via CSI volumes)';
    if (volume.persistentVolumeClaim !== undefined) return 'persistentvolumeclaims';
    if (volume.ephemeral !== undefined) return 'persistentvolumeclaims (via ephemeral volumes)';
    for (const { configMap, secret, serviceAccountToken, clusterTrustBundle, podCertificate } of volume.projected?.sources ?? []) {
      if (clusterTrustBundle !== undefined) return 'clustertrustbundles';
      if (podCertificate !== undefined) return 'podcertificates';
      if (configMap !== undefined) return 'configmaps (via projected volumes)';
      if (secret !== undefined) return 'secrets (via projected volumes)';
      if (serviceAccountToken !== undefined) return 'serviceaccounts (via projected volumes)';
    }
    if (podReferences({ spec: { containers: [], volumes: [volume] } }).secrets.size > 0) return 'secrets (via secret volumes)';
  }
  return undefined;
}

function statusProblem(node: string, pod: V1Pod, old: V1Pod): string | undefined {
  const who = `node ${JSON.stringify(node)}`;
  if (!isOn(node, old)) return `${who} can only update pod status for pods with spec.nodeName set to itself`;
  if (!equal(pod.metadata?.labels ?? {}, old.metadata?.labels ?? {})) return `${who} cannot update labels through pod status`;
  if (!equal(pod.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? [])) return `${who} cannot update resource claim statues`;
  return undefined;
}
