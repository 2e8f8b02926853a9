/** What lies where in a cluster's state directory (0700), and the file by which others find the running host. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HOST_FILE, type HostFile } from '../control-protocol.ts';
import type { Disk } from '../platform/platform.ts';

export interface StateDirectory {
  readonly root: string;
  readonly lock: string;
  readonly hostFile: string;
  readonly kubeconfig: string;
  readonly settings: string;
  readonly log: string;
  readonly pki: string;
  readonly database: string;
  /** Volumes and static pods of the nodes. */
  readonly nodes: string;
}

/** The folder of a cluster: `directory` itself where one was named, `~/.kubicle/NAME` otherwise. */
export function stateDirectory(name: string, directory?: string): StateDirectory {
  const root = directory === undefined ? join(homedir(), '.kubicle', name) : resolve(directory);
  return {
    root,
    lock: join(root, 'lock.db'),
    hostFile: join(root, HOST_FILE),
    kubeconfig: join(root, 'kubeconfig'),
    settings: join(root, 'cluster.json'),
    log: join(root, 'host.log'),
    pki: join(root, 'pki'),
    database: join(root, 'store.db'),
    nodes: join(root, 'nodes'),
  };
}

/** What `host.json` says, if its process is alive; a file left by a host that was killed counts as none. */
export async function readHostFile(disk: Disk, state: StateDirectory): Promise<HostFile | undefined> {
  const content = await disk.read(state.hostFile);
  if (content === undefined) return undefined;
  try {
    const file = JSON.parse(new TextDecoder().decode(content)) as HostFile;
    return typeof file.pid === 'number' && isAlive(file.pid) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this id runs; one that ended and was not collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return stateOf(pid) !== 'Z';
}

/** The process's state as Linux tells it; undefined elsewhere. */
function stateOf(pid: number): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
