/** `spec.nodeName` of a pod that asks for one node. */
import { refuseForGood, type Plugin } from '../plugin.ts';

export const nodeName: Plugin = {
  name: 'NodeName',
  helpedBy: ['nodeAdded'],
  look({ pod }) {
    const wanted = pod.spec?.nodeName ?? '';
    if (wanted === '') return undefined;
    return { filter: ({ name }) => (name === wanted ? undefined : refuseForGood("node(s) didn't match the requested node name")) };
  },
};
