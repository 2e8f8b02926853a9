/** RuntimeClass: a pod's runtime class must exist; its overhead and its scheduling become the pod's (https://kubernetes.io/docs/concepts/containers/runtime-class/). */
import type { V1Pod, V1PodSpec, V1RuntimeClass } from '../../api/generated/types.ts';
import { compareQuantities, quantityOf } from '../../api/quantity.ts';
import { equal } from '../../api/values.ts';
import { forbidden } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

export function runtimeClassAdmission(registries: () => Registries): AdmissionPlugin {
  const classOf = async ({ definition, name, object }: AdmissionRequest): Promise<V1RuntimeClass | undefined> => {
    const wanted = (object as V1Pod | undefined)?.spec?.runtimeClassName;
    if (wanted === undefined) return undefined;
    const found = await registries().need('node.k8s.io', 'v1', 'runtimeclasses').find('', wanted);
    if (found === undefined) throw forbidden(definition, name, `pod rejected: RuntimeClass "${wanted}" not found`);
    return found.object as unknown as V1RuntimeClass;
  };
  return {
    name: 'RuntimeClass',
    async mutate(request) {
      if (!isNewPod(request)) return;
      const { spec }: V1Pod = request.object ?? {};
      const runtimeClass = await classOf(request);
      if (spec === undefined || runtimeClass === undefined) return;
      setOverhead(request, spec, runtimeClass);
      setScheduling(request, spec, runtimeClass);
    },
    async validate(request) {
      if (!isNewPod(request)) return;
      const { spec }: V1Pod = request.object ?? {};
      const runtimeClass = await classOf(request);
      if (spec?.overhead === undefined) return;
      if (runtimeClass === undefined) throw forbidden(request.definition, request.name, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    },
  };
}

function isNewPod({ operation, definition, subresource }: AdmissionRequest): boolean {
  return operation === 'CREATE' && definition.group === '' && definition.plural === 'pods' && subresource === '';
}

function setOverhead({ definition, name }: AdmissionRequest, spec: V1PodSpec, { overhead }: V1RuntimeClass): void {
  const wanted = overhead?.podFixed;
  if (wanted === undefined) return;
  if (spec.overhead !== undefined && !sameAmounts(spec.overhead, wanted)) {
    throw forbidden(definition, name, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  }
  spec.overhead = { ...wanted };
}

function sameAmounts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && compareQuantities(quantityOf(a[name]), quantityOf(b[name])) === 0);
}

function setScheduling({ definition, name }: AdmissionRequest, spec: V1PodSpec, { scheduling }: V1RuntimeClass): void {
  if (scheduling === undefined) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) throw forbidden(definition, name, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
    spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
  }
  const own = spec.tolerations ?? [];
  const added = (scheduling.tolerations ?? []).filter((toleration) => !own.some((one) => equal(one, toleration)));
  if (added.length > 0) spec.tolerations = [...own, ...added];
}
