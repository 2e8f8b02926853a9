/** The dashboard of a cluster. */
import type { ClusterNode } from '../views/cluster/model.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needConnection, type Command } from './command.ts';

export const dashboard: Command = {
  id: 'kubicle.dashboard',
  async run(services, node?: ClusterNode | ExplorerNode) {
    const context = node === undefined ? undefined : 'context' in node ? node.context : node.type === 'context' ? node.name : services.local.options.name;
    services.dashboards.open(await needConnection(services, context));
  },
};
