/** Nodes that were cordoned. */
import { refuseForGood, type Plugin } from '../plugin.ts';
import { tolerates } from '../../api/scheduling/tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  helpedBy: ['nodeAdded', 'nodeChanged'],
  look({ pod }) {
    if ((pod.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint))) return undefined;
    return { filter: ({ node }) => (node.spec?.unschedulable === true ? refuseForGood('node(s) were unschedulable') : undefined) };
  },
};
