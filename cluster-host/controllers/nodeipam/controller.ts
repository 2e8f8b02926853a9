/** Gives each node its range of pod addresses, `spec.podCIDR`. */
import type { ControllerDefinition } from '../../client/controller.ts';
import { nodes } from '../../client/resources.ts';
import { freeSubnet } from './plan.ts';

/** Kubernetes' default mask of a node's IPv4 range. */
const nodeMask = 24;

/** `reserved`: ranges that are not given out. */
export function nodeIpamController(clusterCidr: string, reserved: readonly string[] = []): ControllerDefinition {
  return {
    name: 'nodeipam',
    serviceAccount: 'node-controller',
    eventSource: 'cidrAllocator',
    watches: [{ resource: nodes }],
    // One at a time: two nodes must not get the same range.
    workers: 1,
    start: ({ client, informers, events }) => {
      const { lister } = informers.informer(nodes);
      /** Ranges given out that the copy may not show yet. */
      const given = new Map<string, string>();
      return {
        reconcile: async (name) => {
          const node = lister.get('', name);
          if (node === undefined) given.delete(name);
          if (node === undefined || (node.spec?.podCIDR ?? '') !== '') return;
          const taken = [...reserved, ...lister.list().flatMap(({ spec }) => [spec?.podCIDR ?? '', ...(spec?.podCIDRs ?? [])]), ...given.values()];
          const podCIDR = given.get(name) ?? freeSubnet(clusterCidr, nodeMask, taken);
          if (podCIDR === undefined) {
            events.event({ apiVersion: 'v1', kind: 'Node', metadata: { name } }, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
            throw new Error(`no range of ${clusterCidr} is left for node ${name}`);
          }
          given.set(name, podCIDR);
          await client.resource(nodes).patch(name, { spec: { podCIDR, podCIDRs: [podCIDR] } }, { type: 'strategic' });
        },
      };
    },
  };
}
