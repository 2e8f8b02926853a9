/** Which other pods a pod is one of: those of its services and of its controller, which are best spread out. */
import type { V1LabelSelector } from '../api/generated/types.ts';
import type { KubeObject, Resource } from '../api/object.ts';
import { matchesLabels, selectorOfLabels, validSelectorOf, type Selector } from '../api/selectors/label-selector.ts';
import type { Informers } from '../client/informer.ts';
import { replicaSets, replicationControllers, services, statefulSets } from '../client/resources.ts';
import type { PodInfo } from './pod-info.ts';

const controllers: readonly Resource[] = [replicaSets, statefulSets, replicationControllers];

/** Undefined where nothing selects the pod. */
export function siblingsOf(informers: Informers, { pod, namespace, labels }: PodInfo): Selector | undefined {
  const selecting = informers.informer(services).lister.list(namespace).filter(({ spec }) => spec?.selector !== undefined && matchesLabels(selectorOfLabels(spec.selector), labels));
  const byService = Object.assign({}, ...selecting.map(({ spec }) => spec?.selector)) as Readonly<Record<string, string>>;
  const reference = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const resource = controllers.find(({ kind }) => kind === reference?.kind);
  const owner = resource === undefined ? undefined : (informers.informer(resource).lister.get(namespace, reference?.name ?? '') as KubeObject | undefined);
  const requirements = [...selectorOfLabels(byService).requirements, ...selectorOfOwner(owner?.['spec']?.selector).requirements];
  return requirements.length === 0 ? undefined : { requirements };
}

/** A replication controller's selector is labels and no more. */
function selectorOfOwner(selector: unknown): Selector {
  const isPlain = selector !== undefined && !Object.keys(selector as object).some((key) => key === 'matchLabels' || key === 'matchExpressions');
  return isPlain ? selectorOfLabels(selector as Record<string, string>) : validSelectorOf(selector as V1LabelSelector | undefined);
}
