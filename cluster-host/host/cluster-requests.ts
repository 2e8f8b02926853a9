/** Requests of the control channel that concern the running cluster: its nodes and images. */
import type { Cluster } from '../cluster.ts';
import { ControlError, type RequestHandlers } from '../control/connection.ts';
import { controlErrorCodes } from '../control-protocol.ts';
import { nodeNames } from './choose-settings.ts';

export interface ClusterAccess {
  cluster(): Cluster | undefined;
  /** The cluster's nodes, running or stopped. */
  nodes(): readonly string[];
  /** Remembers them for the next start. */
  keepNodes(nodes: readonly string[]): Promise<void>;
}

export function clusterRequests(access: ClusterAccess): Pick<RequestHandlers, 'nodes/add' | 'nodes/remove' | 'nodes/start' | 'nodes/stop' | 'images/list'> {
  const running = (): Cluster => {
    const cluster = access.cluster();
    if (cluster === undefined) throw new ControlError(controlErrorCodes.notSupported, 'the cluster is not running');
    return cluster;
  };
  const known = (name: string): string => {
    if (!access.nodes().includes(name)) throw new ControlError(controlErrorCodes.notFound, `there is no node "${name}"`);
    return name;
  };
  return {
    'nodes/add': async () => {
      const names = nodeNames(access.nodes(), access.nodes().length + 1);
      const summary = await running().addNode(names.at(-1) ?? '');
      await access.keepNodes(names);
      return summary;
    },
    'nodes/remove': async ({ name }) => {
      await running().removeNode(known(name));
      await access.keepNodes(access.nodes().filter((node) => node !== name));
      return {};
    },
    'nodes/stop': async ({ name }) => running().stopNode(known(name)),
    'nodes/start': async ({ name }) => running().startNode(known(name)),
    'images/list': async () => ({ images: await running().images() }),
  };
}
