/** Tokens that a node asks for: bound to a pod that runs on it, and for audiences that the pod has to do with (KEP-1205, KEP-4193). */
import type { AuthenticationV1TokenRequest, V1CSIDriver, V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionRequest } from '../admission.ts';

interface Sources {
  readonly registries: Registries;
  readonly authorizer: Authorizer;
}

export async function admitToken(sources: Sources, node: string, request: AdmissionRequest): Promise<string | undefined> {
  const { operation, subresource, namespace, object } = request;
  if (operation !== 'CREATE' || subresource !== 'token') return undefined;
  const { boundObjectRef: bound, audiences = [] } = (object as unknown as AuthenticationV1TokenRequest).spec ?? {};
  if (bound === undefined || bound.apiVersion !== 'v1' || bound.kind !== 'Pod' || (bound.name ?? '') === '') return 'node requested token not bound to a pod';
  if ((bound.uid ?? '') === '') return 'node requested token with a pod binding without a uid';
  const { object: pod } = await sources.registries.need('', 'v1', 'pods').get(namespace, bound.name ?? '');
  if (bound.uid !== pod.metadata?.uid) return `the UID in the bound object reference (${bound.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  if (pod['spec']?.nodeName !== node) return 'node requested token bound to a pod scheduled on a different node';
  return audienceProblem(sources, request, pod, audiences);
}

/** One audience at a time, or none, which is the API server itself. */
async function audienceProblem({ registries, authorizer }: Sources, { user, namespace, name }: AdmissionRequest, pod: V1Pod, audiences: readonly string[]): Promise<string | undefined> {
  const [audience = '', ...more] = audiences;
  if (more.length > 0) return 'node may only request 0 or 1 audiences';
  if ((await audiencesOf(registries, pod)).has(audience)) return undefined;
  const { decision } = await authorizer.authorize({ type: 'resource', user, verb: 'request-serviceaccounts-token-audience', group: '', version: '', resource: audience, subresource: '', namespace, name });
  return decision === 'allow' ? undefined : `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

async function audiencesOf(registries: Registries, pod: V1Pod): Promise<ReadonlySet<string>> {
  const audiences = new Set<string>();
  for (const volume of pod.spec?.volumes ?? []) {
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) if (serviceAccountToken !== undefined) audiences.add(serviceAccountToken.audience ?? '');
    const driver = volume.csi?.driver ?? (await driverOfClaim(registries, pod, volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? undefined : `${pod.metadata?.name}-${volume.name}`)));
    if (driver === undefined) continue;
    const found = (await registries.find('storage.k8s.io', 'v1', 'csidrivers')?.find('', driver))?.object as V1CSIDriver | undefined;
    for (const { audience } of found?.spec?.tokenRequests ?? []) audiences.add(audience);
  }
  return audiences;
}

async function driverOfClaim(registries: Registries, pod: V1Pod, claimName: string | undefined): Promise<string | undefined> {
  if (claimName === undefined) return undefined;
  const find = async (plural: string, namespace: string, name: string | undefined): Promise<KubeObject | undefined> => (name === undefined ? undefined : (await registries.find('', 'v1', plural)?.find(namespace, name))?.object);
  const claim = (await find('persistentvolumeclaims', pod.metadata?.namespace ?? '', claimName)) as V1PersistentVolumeClaim | undefined;
  const volume = (await find('persistentvolumes', '', claim?.spec?.volumeName)) as V1PersistentVolume | undefined;
  return volume?.spec?.csi?.driver;
}
