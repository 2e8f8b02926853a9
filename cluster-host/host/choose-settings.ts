/** What a cluster is started with: what it was before, and what the caller asks for now. */
import type { RuntimeName } from '../control-protocol.ts';
import { freeAddressRanges } from '../cluster.ts';
import { clusterId, type ClusterSettings } from './settings.ts';
import { StartError } from './start-error.ts';
import type { StateDirectory } from './state-directory.ts';

export interface Wishes {
  readonly name: string;
  readonly state: StateDirectory;
  /** How many nodes a new cluster has; an existing one keeps what it has where left out. */
  readonly nodes?: number;
  /** Default: what the cluster was made with, `docker` for a new one. */
  readonly runtime?: RuntimeName;
  /** A port that must be had; left out: the one of last time, or a free one. */
  readonly port?: number;
}

/** Rejects when the wishes do not fit the cluster that is there, or a new one finds no place on the engine. */
export async function chooseSettings(wishes: Wishes, kept: ClusterSettings | undefined): Promise<ClusterSettings> {
  if (kept !== undefined) {
    if (wishes.runtime !== undefined && wishes.runtime !== kept.runtime) {
      throw new StartError('internalError', `the cluster "${wishes.name}" was made with --runtime ${kept.runtime}`, 'Start it without --runtime, or make it anew after "kubicle down --delete".');
    }
    const nodes = wishes.nodes === undefined ? kept.nodes : nodeNames(kept.nodes, wishes.nodes);
    return { ...kept, nodes, port: wishes.port ?? kept.port };
  }
  const runtime = wishes.runtime ?? 'docker';
  return { id: clusterId(wishes.name, wishes.state), runtime, ...(await freeAddressRanges(runtime)), nodes: nodeNames([], wishes.nodes ?? 1), port: wishes.port ?? 0 };
}

/** The first `count` nodes: those there are, and new ones in order. */
export function nodeNames(existing: readonly string[], count: number): readonly string[] {
  const names = existing.slice(0, count);
  for (let number = 1; names.length < count; number++) {
    const name = `node-${number}`;
    if (!names.includes(name)) names.push(name);
  }
  return names;
}
