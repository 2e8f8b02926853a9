/** `nodeSelector` and node affinity, required and preferred. */
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
    return {
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
