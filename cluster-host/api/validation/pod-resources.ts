/** Requests and limits of a pod as a whole (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification). */
import { forbidden, invalid, notSupported } from '../field-errors.ts';
import type { V1Container, V1PodSpec } from '../generated/types.ts';
import type { Quantity } from '../quantity.ts';
import { addQuantities, compareQuantities, formatQuantity, quantityOf, zeroQuantity } from '../quantity.ts';
import { isSidecar } from './containers.ts';
import type { Errors } from './errors.ts';
import { isHugePages, validateResourceName, validateResourceRequirements } from './resources.ts';

const podResources = ['cpu', 'memory'];

export function* validatePodResources(spec: V1PodSpec, claimNames: ReadonlySet<string>, field: string): Errors {
  const { resources } = spec;
  if (resources === undefined) return;
  if (resources.claims) yield forbidden(`${field}.claims`, 'claims cannot be set for Resources at pod-level');
  yield* validateResourceRequirements(resources, field, claimNames, podResourceName);
  yield* validateConsistency(spec, field);
}

function* podResourceName(name: string, field: string): Errors {
  const errors = [...validateResourceName(name, field)];
  yield* errors;
  if (errors.length === 0 && !podResources.includes(name) && !isHugePages(name)) yield notSupported(field, name, ['cpu', 'hugepages-', 'memory']);
}

function* validateConsistency({ resources, containers: own, initContainers = [] }: V1PodSpec, field: string): Errors {
  const containers = own ?? [];
  for (const [name, sum] of aggregateRequests(containers, initContainers)) {
    const asked = quantityOf(resources?.requests?.[name]);
    if (compareQuantities(sum, asked) > 0) {
      yield invalid(`${field}.requests[${name}]`, formatQuantity(asked), `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`);
    }
  }
  for (const [index, container] of containers.entries()) {
    for (const [name, text] of Object.entries(container.resources?.limits ?? {})) {
      const podText = resources?.limits?.[name];
      if (podText === undefined) continue;
      const limit = quantityOf(text);
      const podLimit = quantityOf(podText);
      if (compareQuantities(limit, podLimit) > 0) {
        yield invalid(`${field}.containers[${index}][${name}].limits`, formatQuantity(limit), `must be less than or equal to pod limits of ${formatQuantity(podLimit)}`);
      }
    }
  }
}

/** What the containers ask for together: the sum of those that run side by side, or the most that starting needs. */
function aggregateRequests(containers: readonly V1Container[], initContainers: readonly V1Container[]): ReadonlyMap<string, Quantity> {
  const names = new Set([...containers, ...initContainers].flatMap(({ resources }) => Object.keys(resources?.requests ?? {})));
  const requests = new Map<string, Quantity>();
  for (const name of names) {
    const requestOf = (container: V1Container): Quantity => quantityOf(container.resources?.requests?.[name]);
    let sidecars = zeroQuantity;
    let starting = zeroQuantity;
    for (const container of initContainers) {
      const request = addQuantities(sidecars, requestOf(container));
      if (isSidecar(container)) sidecars = request;
      if (compareQuantities(request, starting) > 0) starting = request;
    }
    const running = containers.reduce((sum, container) => addQuantities(sum, requestOf(container)), sidecars);
    requests.set(name, compareQuantities(starting, running) > 0 ? starting : running);
  }
  return requests;
}
