/** Taints that the pod does not tolerate: hard ones rule a node out, soft ones count against it. */
import { proportionally, refuseForGood, type Plugin } from '../plugin.ts';
import { isTolerated } from '../../api/scheduling/tolerations.ts';

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  helpedBy: ['nodeAdded', 'nodeChanged'],
  look({ pod }) {
    const tolerations = pod.spec?.tolerations;
    const soft = tolerations?.filter(({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule');
    return {
      filter: ({ node }) => {
        const hard = node.spec?.taints?.some((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(tolerations, taint)) === true;
        return hard ? refuseForGood('node(s) had untolerated taint(s)') : undefined;
      },
      score: ({ node }) => node.spec?.taints?.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(soft, taint)).length ?? 0,
      normalize: (scores) => proportionally(scores, true),
    };
  },
};
