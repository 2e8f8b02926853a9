/** LimitRanger: a namespace's limit ranges give containers defaults and bound what pods and claims ask for (https://kubernetes.io/docs/concepts/policy/limit-range/). */
import type { V1Container, V1LimitRange, V1LimitRangeItem, V1PersistentVolumeClaim, V1Pod } from '../../../api/generated/types.ts';
import { podResources, resourcesOf } from '../../../api/scheduling/pod-resources.ts';
import { forbidden } from '../../failure.ts';
import type { Registries } from '../../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.ts';
import { limitProblems } from './limits.ts';

const annotation = 'kubernetes.io/limit-ranger';

export function limitRanger(registries: () => Registries): AdmissionPlugin {
  const rangesIn = async (namespace: string): Promise<readonly V1LimitRange[]> => (await registries().need('', 'v1', 'limitranges').all(namespace)).map(({ object }) => object);
  return {
    name: 'LimitRanger',
    async mutate(request) {
      if (!isLimited(request) || request.definition.plural !== 'pods' || request.object === undefined) return;
      for (const { spec } of await rangesIn(request.namespace)) setDefaults(request.object, spec?.limits ?? []);
    },
    async validate(request) {
      const { definition, name, namespace, object } = request;
      if (!isLimited(request) || object === undefined) return;
      for (const { spec } of await rangesIn(namespace)) {
        const problems = (spec?.limits ?? []).flatMap((item) => (definition.plural === 'pods' ? podProblems(object, item) : claimProblems(object, item)));
        if (problems.length > 0) throw forbidden(definition, name, problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`);
      }
    },
  };
}

/** Pods when they come or are resized; claims whenever they are written, unless they are going. */
function isLimited({ operation, definition, subresource, object }: AdmissionRequest): boolean {
  if (definition.group !== '' || object?.metadata?.deletionTimestamp !== undefined) return false;
  if (definition.plural === 'pods') return operation === 'CREATE' ? subresource === '' : operation === 'UPDATE' && subresource === 'resize';
  return definition.plural === 'persistentvolumeclaims' && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE');
}

function setDefaults(pod: V1Pod, items: readonly V1LimitRangeItem[]): void {
  const containerItems = items.filter(({ type }) => type === 'Container');
  const requests = Object.assign({}, ...containerItems.map(({ defaultRequest }) => defaultRequest));
  const limits = Object.assign({}, ...containerItems.map((item) => item.default));
  const notes = [
    ...(pod.spec?.containers ?? []).flatMap((container) => fill(container, `container ${container.name}`, requests, limits)),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => fill(container, `init container ${container.name}`, requests, limits)),
  ];
  if (notes.length === 0) return;
  pod.metadata = { ...pod.metadata, annotations: { ...pod.metadata?.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` } };
}

/** Fills in what the container leaves out; returns what that was. */
function fill(container: V1Container, called: string, requests: Readonly<Record<string, string>>, limits: Readonly<Record<string, string>>): readonly string[] {
  return [['requests', 'request', requests] as const, ['limits', 'limit', limits] as const].flatMap(([list, word, defaults]) => {
    const missing = Object.keys(defaults).filter((name) => container.resources?.[list]?.[name] === undefined).toSorted();
    if (missing.length === 0) return [];
    container.resources = { ...container.resources, [list]: { ...defaults, ...container.resources?.[list] } };
    return [`${missing.join(', ')} ${word} for ${called}`];
  });
}

function podProblems(pod: V1Pod, item: V1LimitRangeItem): readonly string[] {
  if (item.type === 'Pod') return limitProblems(item, { requests: podResources(pod, 'requests'), limits: podResources(pod, 'limits') });
  if (item.type !== 'Container') return [];
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap(({ resources }) =>
    limitProblems(item, { requests: resourcesOf(resources?.requests), limits: resourcesOf(resources?.limits) }),
  );
}

function claimProblems({ spec }: V1PersistentVolumeClaim, item: V1LimitRangeItem): readonly string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  return limitProblems(item, { requests: resourcesOf(spec?.resources?.requests), limits: new Map() });
}
