/**
 * What running containers were given, which an in-place resize changes (kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources).
 * A container's label says what it was made with; what it got later is remembered here, and given again after a restart of the host.
 */
import type { V1Container, V1ResourceRequirements } from '../../api/generated/types.ts';
import { compareQuantities, quantityOf } from '../../api/quantity.ts';
import { resourcesLabel } from '../containers/container-config.ts';
import type { Container } from '../runtime/runtime.ts';

export type Resize = 'none' | 'inPlace' | 'restart';

export class GivenResources {
  readonly #later = new Map<string, V1ResourceRequirements>();

  /** Undefined where nobody noted it. */
  of({ id, labels }: Container): V1ResourceRequirements | undefined {
    const noted = labels[resourcesLabel];
    return this.#later.get(id) ?? (noted === undefined ? undefined : (JSON.parse(noted) as V1ResourceRequirements));
  }

  note(id: string, resources: V1ResourceRequirements): void {
    this.#later.set(id, resources);
  }

  /** What it takes for the container to have what its specification says now. */
  resizeOf(spec: V1Container | undefined, container: Container): Resize {
    const given = this.of(container);
    if (spec === undefined || given === undefined) return 'none';
    const changed = ['cpu', 'memory'].filter((name) => differs(given, spec.resources, 'requests', name) || differs(given, spec.resources, 'limits', name));
    if (changed.length === 0) return 'none';
    const restarts = spec.resizePolicy?.some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changed.includes(resourceName));
    return restarts === true ? 'restart' : 'inPlace';
  }
}

function differs(given: V1ResourceRequirements, wanted: V1ResourceRequirements | undefined, which: 'requests' | 'limits', name: string): boolean {
  return compareQuantities(quantityOf(given[which]?.[name]), quantityOf(wanted?.[which]?.[name])) !== 0;
}
