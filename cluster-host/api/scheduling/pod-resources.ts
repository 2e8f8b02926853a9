/** What a pod asks for as a whole, exactly, in the notation of its parts (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers). Pure. */
import type { V1Container, V1Pod } from '../generated/types.ts';
import { addQuantities, compareQuantities, quantityOf, zeroQuantity, type Quantity } from '../quantity.ts';

/** Amounts by resource name. */
export type Resources = Map<string, Quantity>;

export function resourcesOf(list: Readonly<Record<string, string>> | undefined): Resources {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, quantityOf(text)]));
}

export function addResources(target: Resources, amounts: Resources): void {
  for (const [name, amount] of amounts) target.set(name, addQuantities(target.get(name) ?? zeroQuantity, amount));
}

/**
 * The sum of the containers or the largest moment of the start, whichever is more, the pod's own values instead where it has
 * some, and the overhead on top.
 */
export function podResources(pod: V1Pod, what: 'requests' | 'limits'): Resources {
  const { containers = [], initContainers = [], overhead, resources } = pod.spec ?? {};
  const of = (container: V1Container): Resources => resourcesOf(container.resources?.[what]);
  const total: Resources = new Map();
  const sidecars: Resources = new Map();
  const peak: Resources = new Map();
  for (const container of containers) addResources(total, of(container));
  for (const container of initContainers) {
    const moment = new Map(sidecars);
    addResources(moment, of(container));
    raise(peak, moment);
    if (container.restartPolicy !== 'Always') continue;
    addResources(total, of(container));
    addResources(sidecars, of(container));
  }
  raise(total, peak);
  for (const [name, amount] of resourcesOf(resources?.[what])) total.set(name, amount);
  for (const [name, amount] of resourcesOf(overhead)) {
    // Overhead raises a limit that there is, and makes none.
    if (what === 'requests' || total.has(name)) addResources(total, new Map([[name, amount]]));
  }
  return total;
}

function raise(target: Resources, amounts: Resources): void {
  for (const [name, amount] of amounts) {
    const known = target.get(name);
    if (known === undefined || compareQuantities(amount, known) > 0) target.set(name, amount);
  }
}
