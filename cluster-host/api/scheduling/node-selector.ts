/** Node selector terms (kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity). Pure. */
import type { V1Node, V1NodeSelectorRequirement, V1NodeSelectorTerm } from '../generated/types.ts';

/** Whether one of the terms holds. A term without any requirement holds for no node. */
export function matchesNode(terms: readonly V1NodeSelectorTerm[], node: V1Node): boolean {
  return terms.some((term) => matchesTerm(term, node));
}

export function matchesTerm({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm, node: V1Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata?.labels ?? {};
  return (
    matchExpressions.every((requirement) => holds(requirement, labels[requirement.key])) &&
    matchFields.every((requirement) => holds(requirement, requirement.key === 'metadata.name' ? node.metadata?.name : undefined))
  );
}

function holds({ operator, values = [] }: V1NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
    case 'Lt': {
      if (actual === undefined || !/^[+-]?\d+$/.test(actual)) return false;
      const [left, right] = [BigInt(actual), BigInt(values[0] ?? '0')];
      return operator === 'Gt' ? left > right : left < right;
    }
    default:
      return false;
  }
}
