/** Amounts of resources as plain numbers, and what a pod asks for. Pure. */
import type { V1Container, V1Pod } from '../api/generated/types.ts';
import { quantityMilliValue, quantityOf, quantityValue } from '../api/quantity.ts';

/** CPU in thousandths of a core, everything else in whole units (bytes, pieces), by resource name. */
export type Amounts = Map<string, number>;

export function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, name === 'cpu' ? quantityMilliValue(quantityOf(text)) : quantityValue(quantityOf(text))]));
}

export function addTo(target: Amounts, amounts: Amounts, sign: 1 | -1 = 1): void {
  for (const [name, amount] of amounts) target.set(name, (target.get(name) ?? 0) + sign * amount);
}

/** What containers without requests count for when nodes are compared, so that they spread too: 100m and 200 MiB. */
const assumed: ReadonlyMap<string, number> = new Map([['cpu', 100], ['memory', 200 * 1024 * 1024]]);

/**
 * The pod's effective requests (kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers):
 * the sum of its containers or the largest moment of its start, whichever is more, its own requests instead where it has some,
 * and its overhead on top. `forScoring` fills in the assumed amounts.
 */
export function podRequests(pod: V1Pod, forScoring = false): Amounts {
  const { containers = [], initContainers = [], overhead, resources } = pod.spec ?? {};
  const total: Amounts = new Map();
  for (const container of containers) addTo(total, containerRequests(container, forScoring));
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const container of initContainers) {
    const requests = containerRequests(container, forScoring);
    if (container.restartPolicy === 'Always') {
      addTo(total, requests);
      addTo(sidecars, requests);
      raise(peak, sidecars);
    } else {
      const moment = new Map(sidecars);
      addTo(moment, requests);
      raise(peak, moment);
    }
  }
  raise(total, peak);
  for (const [name, amount] of amountsOf(resources?.requests)) total.set(name, amount);
  addTo(total, amountsOf(overhead));
  return total;
}

function containerRequests(container: V1Container, forScoring: boolean): Amounts {
  const requests = amountsOf(container.resources?.requests);
  if (forScoring) for (const [name, amount] of assumed) if (!requests.has(name)) requests.set(name, amount);
  return requests;
}

function raise(target: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) target.set(name, Math.max(target.get(name) ?? 0, amount));
}
