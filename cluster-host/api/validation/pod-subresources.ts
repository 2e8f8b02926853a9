/**
 * What the subresources `ephemeralcontainers` and `resize` of a pod may change
 * (https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/).
 * What holds for pods anyway is checked by the kind's row.
 */
import type { FieldError } from '../field-error.ts';
import { forbidden, invalid } from '../field-errors.ts';
import type { V1Container, V1Pod, V1PodSpec, V1ResourceRequirements } from '../generated/types.ts';
import { qosClassOf } from '../kinds/pod-qos.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const resizable = ['cpu', 'memory'];
const noSpec: V1PodSpec = { containers: [] };

function isStatic({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[mirrorAnnotation] !== undefined;
}

/** Ephemeral containers may be added, but neither changed nor removed. */
export function validateEphemeralContainersUpdate(pod: V1Pod, old: V1Pod): readonly FieldError[] {
  if (isStatic(old)) return [forbidden('', 'static pods do not support ephemeral containers')];
  const containers = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  return (old.spec?.ephemeralContainers ?? []).flatMap((before) => {
    const now = containers.get(before.name);
    if (now && equal(now, before)) return [];
    return [forbidden('spec.ephemeralContainers', `existing ephemeral containers "${before.name}" may not be ${now ? 'changed' : 'removed'}\n`)];
  });
}

/** CPU and memory of containers and of the whole pod may change, as long as the pod stays in its class. */
export function validatePodResize(pod: V1Pod, old: V1Pod): readonly FieldError[] {
  if (isStatic(old)) return [forbidden('', 'static pods cannot be resized')];
  if (old.spec?.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const [spec, before] = [pod.spec ?? noSpec, old.spec ?? noSpec];
  const errors = [...validateClass(pod, old), ...validatePodLevel(spec.resources, before.resources)];
  const ordering = [...validateOrder(spec, before, 'containers'), ...validateOrder(spec, before, 'initContainers')];
  if (ordering.length > 0) return [...errors, ...ordering];
  errors.push(...validateKept(spec, before, 'initContainers'), ...validateKept(spec, before, 'containers'));
  errors.push(...validateMutable(spec, before), ...validateMutableInit(spec, before));
  if (errors.length > 0 || equal(withOldAmounts(spec, before), before)) return errors;
  return [forbidden('spec', 'only cpu and memory resources are mutable')];
}

function* validateClass(pod: V1Pod, old: V1Pod): Errors {
  if (qosClassOf(pod) !== (old.status?.qosClass || qosClassOf(old))) {
    yield invalid('spec', pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing');
  }
  const running = old.status?.containerStatuses?.find(({ state }) => state?.running);
  if (running && !running.resources) yield forbidden('spec', 'Pod running on node without support for resize');
}

function* validatePodLevel(resources: V1ResourceRequirements | undefined, old: V1ResourceRequirements | undefined): Errors {
  if (!old && !resources) return;
  if (!resources) {
    yield forbidden('spec.resources', 'pod-level resources cannot be removed');
    return;
  }
  for (const part of ['requests', 'limits'] as const) {
    if (isRemoved(resources[part], old?.[part])) yield forbidden(`spec.resources.${part}`, `pod-level resource ${part} cannot be removed`);
  }
  if (!equal(oldAmounts(resources, old), oldAmounts(old ?? {}, old))) yield forbidden('spec', 'only cpu and memory resources are mutable at pod-level');
}

type ContainerList = 'containers' | 'initContainers';

function* validateOrder(spec: V1PodSpec, old: V1PodSpec, list: ContainerList): Errors {
  const [containers, before] = [spec[list] ?? [], old[list] ?? []];
  if (containers.length !== before.length) {
    yield forbidden(`spec.${list}`, `${list} may not be added or removed on resize`);
    return;
  }
  for (const [index, { name }] of containers.entries()) {
    if (name !== before[index]?.name) yield forbidden(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`);
  }
}

function* validateKept(spec: V1PodSpec, old: V1PodSpec, list: ContainerList): Errors {
  for (const [index, { resources }] of (spec[list] ?? []).entries()) {
    for (const part of ['requests', 'limits'] as const) {
      if (isRemoved(resources?.[part], old[list]?.[index]?.resources?.[part])) yield forbidden(`spec.${list}[${index}].resources.${part}`, `resource ${part} cannot be removed`);
    }
  }
}

function* validateMutable(spec: V1PodSpec, old: V1PodSpec): Errors {
  for (const [index, container] of spec.containers.entries()) {
    if (!isResized(container, old.containers[index])) yield forbidden('spec', 'only cpu and memory resources are mutable');
  }
}

function* validateMutableInit(spec: V1PodSpec, old: V1PodSpec): Errors {
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const before = old.initContainers?.[index];
    const field = `spec.initContainers[${index}]`;
    if (!isResized(container, before)) yield forbidden(field, 'only cpu and memory resources for init or sidecar containers are mutable');
    const restarts = container.resizePolicy?.some(({ restartPolicy }) => restartPolicy === 'RestartContainer') === true;
    if (restarts && container.restartPolicy !== 'Always' && !equal(container, before)) {
      yield forbidden(field, 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized');
    }
  }
}

function isRemoved(amounts: V1ResourceRequirements['requests'] = {}, old: V1ResourceRequirements['requests'] = {}): boolean {
  return Object.keys(old).some((name) => amounts[name] === undefined);
}

/** Whether nothing but amounts of CPU and memory differs. */
function isResized(container: V1Container, old: V1Container | undefined): boolean {
  return old !== undefined && equal(withOldContainerAmounts(container, old), withOldContainerAmounts(old, old));
}

function withOldAmounts(spec: V1PodSpec, old: V1PodSpec): V1PodSpec {
  return {
    ...spec,
    resources: old.resources,
    containers: spec.containers.map((container, index) => ({ ...withOldContainerAmounts(container, old.containers[index]), resources: old.containers[index]?.resources })),
    initContainers: spec.initContainers?.map((container, index) => ({ ...container, resources: old.initContainers?.[index]?.resources })),
  };
}

function withOldContainerAmounts(container: V1Container, old: V1Container | undefined): V1Container {
  return { ...container, resources: oldAmounts(container.resources ?? {}, old?.resources) };
}

/** Amounts of CPU and memory are the old ones; what is left empty is left out. */
function oldAmounts({ requests, limits, ...others }: V1ResourceRequirements, old: V1ResourceRequirements | undefined): V1ResourceRequirements {
  const restored: V1ResourceRequirements = others;
  for (const [part, amounts] of Object.entries({ requests, limits }) as ['requests' | 'limits', V1ResourceRequirements['limits']][]) {
    const kept = Object.entries(amounts ?? {}).filter(([name]) => !resizable.includes(name));
    const before = Object.entries(old?.[part] ?? {}).filter(([name]) => resizable.includes(name));
    if (kept.length + before.length > 0) restored[part] = Object.fromEntries([...kept, ...before]);
  }
  return restored;
}
