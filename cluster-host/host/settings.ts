/** What a cluster keeps about itself between runs (`cluster.json`): identity, address ranges, nodes, port. */
import { createHash } from 'node:crypto';
import type { RuntimeName } from '../control-protocol.ts';
import type { Disk } from '../platform/platform.ts';
import { stateDirectory, type StateDirectory } from './state-directory.ts';
import { StartError } from './start-error.ts';

export interface ClusterSettings {
  /** Marks everything the cluster has on an engine; differs between clusters of one name in different state directories. */
  readonly id: string;
  readonly runtime: RuntimeName;
  /** Addresses of pods, and of nodes in its first /24. */
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly nodes: readonly string[];
  /** The API server's port on loopback, kept so that kubeconfigs stay good. */
  readonly port: number;
}

export async function readSettings(disk: Disk, state: StateDirectory): Promise<ClusterSettings | undefined> {
  const content = await disk.read(state.settings);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(content)) as ClusterSettings;
  } catch (error) {
    throw new StartError('internalError', `${state.settings} is not readable as JSON`, 'Mend the file, or start afresh with "kubicle down --delete".', { cause: error });
  }
}

export function writeSettings(disk: Disk, state: StateDirectory, settings: ClusterSettings): Promise<void> {
  return disk.write(state.settings, `${JSON.stringify(settings, null, 2)}\n`);
}

export function clusterId(name: string, state: StateDirectory): string {
  if (state.root === stateDirectory(name).root) return name;
  return `${name}-${createHash('sha256').update(state.root).digest('hex').slice(0, 8)}`;
}

