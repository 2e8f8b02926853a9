/** What a cluster has on the engine and in its host's network. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { clusterId } from '../../cluster-host/host/settings.ts';
import { stateDirectory } from '../../cluster-host/host/state-directory.ts';
import type { TestCluster } from './kubicle.ts';

const run = promisify(execFile);

async function lines(command: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(command, args);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Names of containers, networks, volumes, and tables of rules; empty when nothing is left. */
export async function remainsOf({ name, state }: Pick<TestCluster, 'name' | 'state'>): Promise<readonly string[]> {
  const id = clusterId(name, stateDirectory(name, state));
  const filter = ['--filter', `label=dev.kubicle.cluster=${id}`];
  const found = await Promise.all([
    lines('docker', 'container', 'ls', '-a', '--format', 'container {{.Names}} {{.Status}}', ...filter),
    lines('docker', 'network', 'ls', '--format', 'network {{.Name}}', ...filter),
    lines('docker', 'volume', 'ls', '--format', 'volume {{.Name}}', ...filter),
    lines('nft', 'list', 'tables').then((tables) => tables.filter((table) => table.endsWith(` kubicle-${id}`))),
  ]);
  return found.flat();
}
