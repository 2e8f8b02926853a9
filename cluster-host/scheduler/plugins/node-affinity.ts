/** `nodeSelector` and node affinity, required and preferred. */
import type { V1NodeSelectorTerm } from '../../api/generated/types.ts';
import { matchesNode, matchesTerm } from '../../api/scheduling/node-selector.ts';
import { proportionally, refuseForGood, type Plugin } from '../plugin.ts';

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  helpedBy: ['nodeAdded', 'nodeChanged'],
  look({ pod, requiredNodes }) {
    const selector = Object.entries(pod.spec?.nodeSelector ?? {});
    const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (selector.length === 0 && requiredNodes === undefined && preferred.length === 0) return undefined;
    const only = namedNodes(requiredNodes);
    if (only?.size === 0) return { refusal: refuseForGood('pod affinity terms conflict') };
    return {
      ...(only === undefined ? {} : { only }),
      filter: ({ node, labels }) => {
        const fits = selector.every(([key, value]) => labels[key] === value) && (requiredNodes === undefined || matchesNode(requiredNodes, node));
        return fits ? undefined : refuseForGood("node(s) didn't match Pod's node affinity/selector");
      },
      ...(preferred.length === 0
        ? {}
        : {
            score: ({ node }) => preferred.reduce((sum, { weight, preference }) => (matchesTerm(preference, node) ? sum + weight : sum), 0),
            normalize: (scores: readonly number[]) => proportionally(scores),
          }),
    };
  },
};

/** The nodes that required terms name; undefined where one of the terms names none, and so may mean any. */
function namedNodes(terms: readonly V1NodeSelectorTerm[] | undefined): ReadonlySet<string> | undefined {
  let all: Set<string> | undefined;
  for (const { matchFields = [] } of terms ?? []) {
    const named = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In').map(({ values = [] }) => new Set(values));
    const [first, ...others] = named;
    if (first === undefined) return undefined;
    all = (all ?? new Set<string>()).union(others.reduce((both, other) => both.intersection(other), first));
  }
  return all;
}
