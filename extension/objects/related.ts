/** What an object has to do with others: owners, what it owns, selects, runs on and refers to. Pure lookups in listers. */
import type { V1PodSpec, V1PodTemplateSpec } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Lister } from '../../cluster-host/client/informer.ts';
import { configMaps, cronJobs, daemonSets, deployments, horizontalPodAutoscalers, ingresses, jobs, nodes, persistentVolumeClaims, persistentVolumes, pods, replicaSets, replicationControllers, secrets, serviceAccounts, services, statefulSets } from '../../cluster-host/client/resources.ts';
import { podOwners, podsOf } from '../workloads.ts';

export type Relation = 'owner' | 'owns' | 'selects' | 'selected' | 'runs' | 'uses' | 'used' | 'scales' | 'routes';

export interface Related {
  readonly relation: Relation;
  readonly resource: Resource<any>;
  readonly object: KubeObject;
}

interface Source {
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
}

const owners: readonly Resource<any>[] = [deployments, replicaSets, statefulSets, daemonSets, replicationControllers, jobs, cronJobs];
const templated = [...owners, pods];
/** What `relatedTo` looks at: to be followed before it is asked. */
export const relatedResources: readonly Resource<any>[] = [...templated, services, ingresses, configMaps, secrets, serviceAccounts, persistentVolumeClaims, persistentVolumes, horizontalPodAutoscalers, nodes];

export function relatedTo(source: Source, resource: Resource<any>, object: KubeObject): readonly Related[] {
  const { namespace = '', name = '' } = object.metadata ?? {};
  const found = [
    ...ownersOf(source, object),
    ...ownedBy(source, object),
    ...(resource.kind === 'Service' ? podsOf(source, { kind: 'Service', namespace, name }).map((pod) => related('selects', pods, pod)) : []),
    ...(resource.kind === 'Pod' ? selectedBy(source, object) : []),
    ...usedBy(source, resource, object),
    ...users(source, resource, object),
    ...routes(source, resource, object),
    ...scalers(source, resource, object),
  ];
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = `${one.relation}/${one.resource.group}/${one.resource.plural}/${one.object.metadata?.namespace ?? ''}/${one.object.metadata?.name ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

function related(relation: Relation, resource: Resource<any>, object: KubeObject): Related {
  return { relation, resource, object };
}

function ownersOf(source: Source, { metadata }: KubeObject): readonly Related[] {
  return (metadata?.ownerReferences ?? []).flatMap(({ kind, name }) => {
    const resource = relatedResources.find((candidate) => candidate.kind === kind);
    return resource === undefined ? [] : named(source, 'owner', resource, metadata?.namespace ?? '', name);
  });
}

function ownedBy(source: Source, { metadata }: KubeObject): readonly Related[] {
  const uid = metadata?.uid;
  if (uid === undefined) return [];
  return [replicaSets, jobs, pods].flatMap((resource: Resource<any>) =>
    (source.lister(resource)?.list(metadata?.namespace) ?? []).filter((object: KubeObject) => object.metadata?.ownerReferences?.some((owner) => owner.uid === uid) === true).map((object: KubeObject) => related('owns', resource, object)),
  );
}

function selectedBy(source: Source, pod: KubeObject): readonly Related[] {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  return (source.lister(services)?.list(namespace) ?? [])
    .filter(({ metadata }) => podsOf(source, { kind: 'Service', namespace, name: metadata?.name ?? '' }).some((found) => found.metadata?.name === name))
    .map((service) => related('selected', services, service));
}

/** What the pods of an object need: by name, whether it is there or not. */
function usedBy(source: Source, resource: Resource<any>, object: KubeObject): readonly Related[] {
  const namespace = object.metadata?.namespace ?? '';
  if (resource.kind === 'PersistentVolumeClaim') return named(source, 'uses', persistentVolumes, '', object['spec']?.volumeName);
  if (resource.kind === 'PersistentVolume') return named(source, 'used', persistentVolumeClaims, object['spec']?.claimRef?.namespace ?? '', object['spec']?.claimRef?.name);
  const spec = podSpecOf(object);
  if (spec === undefined) return [];
  const needs = needsOf(spec).flatMap(([needed, name]) => named(source, 'uses', needed, namespace, name));
  return resource.kind === 'Pod' ? [...needs, ...named(source, 'runs', nodes, '', spec.nodeName)] : needs;
}

function users(source: Source, resource: Resource<any>, object: KubeObject): readonly Related[] {
  const { namespace = '', name = '' } = object.metadata ?? {};
  if (![configMaps, secrets, serviceAccounts, persistentVolumeClaims].some((used: Resource<any>) => used.plural === resource.plural)) return [];
  return templated.flatMap((candidate: Resource<any>) =>
    (source.lister(candidate)?.list(namespace) ?? [])
      .filter((user: KubeObject) => (user.metadata?.ownerReferences ?? []).length === 0)
      .filter((user: KubeObject) => needsOf(podSpecOf(user) ?? { containers: [] }).some(([needed, wanted]) => needed.plural === resource.plural && wanted === name))
      .map((user: KubeObject) => related('used', candidate, user)),
  );
}

function routes(source: Source, resource: Resource<any>, object: KubeObject): readonly Related[] {
  const { namespace = '', name = '' } = object.metadata ?? {};
  if (resource.kind === 'Ingress') return backendsOf(object).flatMap((service) => named(source, 'routes', services, namespace, service));
  if (resource.kind !== 'Service') return [];
  return (source.lister(ingresses)?.list(namespace) ?? []).filter((ingress) => backendsOf(ingress).includes(name)).map((ingress) => related('routes', ingresses, ingress));
}

function scalers(source: Source, resource: Resource<any>, object: KubeObject): readonly Related[] {
  const { namespace = '', name = '' } = object.metadata ?? {};
  if (resource.kind === 'HorizontalPodAutoscaler') {
    const target = podOwners[object['spec']?.scaleTargetRef?.kind ?? ''];
    return target === undefined ? [] : named(source, 'scales', target, namespace, object['spec']?.scaleTargetRef?.name);
  }
  return (source.lister(horizontalPodAutoscalers)?.list(namespace) ?? [])
    .filter(({ spec }) => spec?.scaleTargetRef.kind === resource.kind && spec.scaleTargetRef.name === name)
    .map((scaler) => related('scales', horizontalPodAutoscalers, scaler));
}

function named(source: Source, relation: Relation, resource: Resource<any>, namespace: string, name: string | undefined): readonly Related[] {
  const object: KubeObject | undefined = name === undefined || name === '' ? undefined : source.lister(resource)?.get(resource.namespaced ? namespace : '', name);
  return object === undefined ? [] : [related(relation, resource, object)];
}

function podSpecOf(object: KubeObject): V1PodSpec | undefined {
  const { spec } = object;
  const template: V1PodTemplateSpec | undefined = spec?.jobTemplate?.spec?.template ?? spec?.template;
  return template?.spec ?? (spec?.containers === undefined ? undefined : (spec as V1PodSpec));
}

function needsOf(spec: V1PodSpec): readonly (readonly [Resource<any>, string | undefined])[] {
  const volumes = (spec.volumes ?? []).flatMap((volume) => [
    [configMaps, volume.configMap?.name] as const,
    [secrets, volume.secret?.secretName] as const,
    [persistentVolumeClaims, volume.persistentVolumeClaim?.claimName] as const,
    ...(volume.projected?.sources ?? []).flatMap(({ configMap, secret }) => [[configMaps, configMap?.name] as const, [secrets, secret?.name] as const]),
  ]);
  const containers = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => [[configMaps, valueFrom?.configMapKeyRef?.name] as const, [secrets, valueFrom?.secretKeyRef?.name] as const]),
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [[configMaps, configMapRef?.name] as const, [secrets, secretRef?.name] as const]),
  ]);
  const pulls = (spec.imagePullSecrets ?? []).map(({ name }) => [secrets, name] as const);
  return [...volumes, ...containers, ...pulls, [serviceAccounts, spec.serviceAccountName] as const].filter(([, name]) => name !== undefined);
}

function backendsOf({ spec }: KubeObject): readonly string[] {
  const rules: readonly any[] = spec?.rules ?? [];
  const paths = rules.flatMap((rule) => (rule.http?.paths ?? []) as readonly any[]);
  return [spec?.defaultBackend?.service?.name, ...paths.map((path) => path.backend?.service?.name)].filter((name): name is string => typeof name === 'string');
}
