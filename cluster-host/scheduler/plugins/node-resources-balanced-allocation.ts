/** Nodes on which CPU and memory would be used to the same degree are better. */
import type { Plugin } from '../plugin.ts';

export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  helpedBy: [],
  look(pod) {
    // A pod that asks for neither would not change the balance.
    if (!pod.requests.has('cpu') && !pod.requests.has('memory')) return undefined;
    return {
      score: (node) => {
        const share = (name: string): number => {
          const allocatable = node.allocatable.get(name) ?? 0;
          return allocatable === 0 ? 0 : Math.min(1, ((node.requested.get(name) ?? 0) + (pod.requests.get(name) ?? 0)) / allocatable);
        };
        return Math.trunc((1 - Math.abs(share('cpu') - share('memory')) / 2) * 100);
      },
    };
  },
};
