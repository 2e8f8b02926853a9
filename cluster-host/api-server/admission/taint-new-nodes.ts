/** TaintNodesByCondition: a new node takes no pods until its controller has seen it ready. */
import type { V1Node } from '../../api/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

export const taintNewNodes: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  mutate({ operation, definition, object }) {
    if (operation !== 'CREATE' || definition.group !== '' || definition.plural !== 'nodes' || object === undefined) return;
    const node: V1Node = object;
    const taints = node.spec?.taints ?? [];
    if (!taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) object['spec'] = { ...node.spec, taints: [...taints, { ...notReady }] };
  },
};
