/** Ports of the node that the pod's containers ask for. */
import { refuse, type Plugin } from '../plugin.ts';

export const nodePorts: Plugin = {
  name: 'NodePorts',
  helpedBy: ['nodeAdded', 'nodeChanged', 'podRemoved'],
  look({ hostPorts }) {
    if (hostPorts.length === 0) return undefined;
    return { filter: (node) => (hostPorts.some((port) => node.portTaken(port)) ? refuse("node(s) didn't have free ports for the requested pod ports") : undefined) };
  },
};
