/** Which pod and port a forward leads to right now. */
import type { V1ContainerPort, V1EndpointSlice, V1Pod, V1Service } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Lister } from '../../cluster-host/client/informer.ts';
import { endpointSlices, pods, services } from '../../cluster-host/client/resources.ts';
import { byService } from '../clusters/resources.ts';
import type { ForwardTarget } from '../clusters/streams/port-forward.ts';
import { podsOf } from '../workloads.ts';

export interface ForwardRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of the Service, or of the pod for everything else. */
  readonly port: number;
}

export interface TargetSource {
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T> | undefined;
}

/** What is to be followed before a target is looked for; the owner's own resource comes with its pods. */
export const targetResources: readonly Resource<any>[] = [pods, services, endpointSlices];

/** Undefined while nothing is ready. */
export function findTarget(source: TargetSource, ref: ForwardRef): ForwardTarget | undefined {
  return ref.kind === 'Service' ? serviceTarget(source, ref) : podTarget(source, ref);
}

function podTarget(source: TargetSource, ref: ForwardRef): ForwardTarget | undefined {
  const found = podsOf(source, ref).filter(isRunning);
  const pod = anyOf(found.filter(isReady)) ?? anyOf(found);
  return pod && { namespace: ref.namespace, pod: pod.metadata?.name ?? '', port: ref.port };
}

/** Through the Service's EndpointSlices, which name the pod and the port behind a named target port; without selector or slices through its selector. */
function serviceTarget(source: TargetSource, ref: ForwardRef): ForwardTarget | undefined {
  const service = source.lister(services)?.get(ref.namespace, ref.name);
  const wanted = service?.spec?.ports?.find(({ port }) => port === ref.port);
  if (service === undefined || wanted === undefined) return undefined;
  const slices = source.lister(endpointSlices)?.byIndex(byService, `${ref.namespace}/${ref.name}`) ?? [];
  const behind = slices.flatMap((slice) => targetsOf(slice, wanted.name, ref.namespace));
  return anyOf(behind) ?? selectedTarget(source, service, ref);
}

function targetsOf(slice: V1EndpointSlice, portName: string | undefined, namespace: string): readonly ForwardTarget[] {
  const port = slice.ports?.find(({ name }) => (name ?? '') === (portName ?? ''))?.port;
  if (port === undefined) return [];
  return (slice.endpoints ?? []).flatMap(({ targetRef, conditions }) =>
    targetRef?.kind === 'Pod' && targetRef.name !== undefined && conditions?.ready !== false ? [{ namespace, pod: targetRef.name, port }] : [],
  );
}

function selectedTarget(source: TargetSource, service: V1Service, ref: ForwardRef): ForwardTarget | undefined {
  const pod = anyOf(podsOf(source, { ...ref, kind: 'Service' }).filter((candidate) => isRunning(candidate) && isReady(candidate)));
  const target = service.spec?.ports?.find(({ port }) => port === ref.port)?.targetPort ?? ref.port;
  const port = typeof target === 'number' ? target : portsOf(pod).find(({ name }) => name === target)?.containerPort;
  return pod === undefined || port === undefined ? undefined : { namespace: ref.namespace, pod: pod.metadata?.name ?? '', port };
}

/** The TCP ports that a pod's containers declare. */
export function portsOf(pod: V1Pod | undefined): readonly V1ContainerPort[] {
  return (pod?.spec?.containers ?? []).flatMap(({ ports }) => ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
}

function isRunning(pod: V1Pod): boolean {
  return pod.status?.phase === 'Running' && pod.metadata?.deletionTimestamp === undefined;
}

function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

function anyOf<T>(candidates: readonly T[]): T | undefined {
  return candidates[Math.floor(Math.random() * candidates.length)];
}
