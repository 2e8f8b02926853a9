/** Priority: the number behind a pod's priority class (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/). */
import type { V1Pod, V1PodSpec, V1PriorityClass } from '../../api/generated/types.ts';
import { forbidden } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

export function priorityAdmission(registries: () => Registries): AdmissionPlugin {
  const classes = async (): Promise<readonly V1PriorityClass[]> => {
    const all = await registries().need('scheduling.k8s.io', 'v1', 'priorityclasses').all('');
    return all.map(({ object }) => object as unknown as V1PriorityClass);
  };
  return {
    name: 'Priority',
    async mutate(request) {
      const { operation, definition, subresource, object, old } = request;
      if (definition.group !== '' || definition.plural !== 'pods' || subresource !== '' || object === undefined) return;
      const { spec }: V1Pod = object;
      if (spec === undefined) return;
      if (operation === 'UPDATE') keepPriority(spec, (old as V1Pod | undefined)?.spec);
      if (operation === 'CREATE') setPriority(request, spec, await classes());
    },
  };
}

/** An update that leaves the admitted values out means to keep them. */
function keepPriority(spec: V1PodSpec, old: V1PodSpec | undefined): void {
  if (spec.priority === undefined && old?.priority !== undefined) spec.priority = old.priority;
  if (spec.preemptionPolicy === undefined && old?.preemptionPolicy !== undefined) spec.preemptionPolicy = old.preemptionPolicy;
}

function setPriority({ definition, name }: AdmissionRequest, spec: V1PodSpec, classes: readonly V1PriorityClass[]): void {
  const wanted = spec.priorityClassName ?? '';
  const chosen = wanted === '' ? lowestDefault(classes) : classes.find(({ metadata }) => metadata?.name === wanted);
  if (wanted !== '' && chosen === undefined) throw forbidden(definition, name, `no PriorityClass with name ${wanted} was found`);
  if (wanted === '' && chosen?.metadata?.name !== undefined) spec.priorityClassName = chosen.metadata.name;
  const value = chosen?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== value) {
    throw forbidden(definition, name, `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
  }
  spec.priority = value;
  const policy = chosen?.preemptionPolicy ?? 'PreemptLowerPriority';
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw forbidden(definition, name, `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`);
  }
  spec.preemptionPolicy = policy;
}

/** Of several global defaults the lowest counts. */
function lowestDefault(classes: readonly V1PriorityClass[]): V1PriorityClass | undefined {
  return classes.filter(({ globalDefault }) => globalDefault === true).toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}
