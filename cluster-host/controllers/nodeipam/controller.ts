/** Gives each node its range of pod addresses, `spec.podCIDR`. */
import type { V1Node } from '../../api/generated/types.ts';
import type { ControllerContext, ControllerDefinition } from '../../client/controller.ts';
import { nodes } from '../../client/resources.ts';
import { SubnetPool } from './plan.ts';

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
    start: (context) => {
      const pool = new SubnetPool(clusterCidr, nodeMask);
      for (const cidr of reserved) pool.take(cidr);
      /** Ranges given out that the copy may not show yet. */
      const given = new Map<string, string>();
      const followed = context.informers.informer(nodes).onChange({
        added: (node) => rangesOf(node).forEach((cidr) => pool.take(cidr)),
        updated: (node) => rangesOf(node).forEach((cidr) => pool.take(cidr)),
        deleted: (node) => {
          const name = node.metadata?.name ?? '';
          for (const cidr of [...rangesOf(node), ...(given.has(name) ? [given.get(name) ?? ''] : [])]) pool.giveBack(cidr);
          given.delete(name);
          // What is reserved stays so, whatever a node said of itself.
          for (const cidr of reserved) pool.take(cidr);
        },
      });
      return { reconcile: (name) => giveRange(context, pool, given, name, clusterCidr), dispose: () => followed.dispose() };
    },
  };
}

async function giveRange({ client, informers, events }: ControllerContext, pool: SubnetPool, given: Map<string, string>, name: string, clusterCidr: string): Promise<void> {
  const node = informers.informer(nodes).lister.get('', name);
  if (node === undefined || (node.spec?.podCIDR ?? '') !== '') return;
  const podCIDR = given.get(name) ?? pool.allocate();
  if (podCIDR === undefined) {
    events.event({ apiVersion: 'v1', kind: 'Node', metadata: { name } }, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
    throw new Error(`no range of ${clusterCidr} is left for node ${name}`);
  }
  given.set(name, podCIDR);
  await client.resource(nodes).patch(name, { spec: { podCIDR, podCIDRs: [podCIDR] } }, { type: 'strategic' });
}

function rangesOf({ spec }: V1Node): readonly string[] {
  return [...new Set([...(spec?.podCIDRs ?? []), ...(spec?.podCIDR === undefined ? [] : [spec.podCIDR])])];
}
