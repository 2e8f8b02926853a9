/** `kubicle down`: stops the cluster; with --delete nothing of it stays. */
import { EngineError, removeRemains } from '../cluster.ts';
import { connectControl } from '../control/client.ts';
import type { HostFile } from '../control-protocol.ts';
import { clusterId, readSettings } from '../host/settings.ts';
import { isAlive, readHostFile } from '../host/state-directory.ts';
import type { Command, Io } from './io.ts';
import { clusterChoice, parseOptions, sharedHelp, sharedOptions, type ClusterChoice } from './options.ts';

/** Asks the running host to stop, telling its steps, and waits until its process is gone. */
async function stopHost(host: HostFile, remove: boolean, io: Io): Promise<void> {
  const { control } = await connectControl(host, 'commandLine');
  control.onNotification('host/progress', (step) => io.err(`${step.message}\n`));
  await control.request('host/stop', { delete: remove });
  // Another process's end makes no event.
  while (isAlive(host.pid) && !io.signal.aborted) await io.platform.clock.sleep(50, io.signal);
  control.close();
}

async function removeStopped(choice: ClusterChoice, io: Io): Promise<void> {
  const settings = await readSettings(io.platform.disk, choice.state);
  io.err(`Deleting what is left of "${choice.name}"\n`);
  // Without its settings nothing is known of it but its name; where no engine answers either, there is nothing to remove.
  const remains = settings ?? { id: clusterId(choice.name, choice.state), runtime: 'docker' as const };
  await removeRemains(remains, io.platform.log).catch((error: unknown) => {
    if (settings !== undefined || !(error instanceof EngineError)) throw error;
  });
  await io.platform.disk.remove(choice.state.root);
}

export const downCommand: Command = {
  options: [...sharedHelp, '--delete          delete it: containers, networks, volumes, rules and state'],
  async run(argv, io) {
    const { values } = parseOptions(argv, { ...sharedOptions, delete: { type: 'boolean' } });
    const choice = clusterChoice(values);
    const host = await readHostFile(io.platform.disk, choice.state);
    const remove = values.delete === true;
    try {
      if (host !== undefined) {
        await stopHost(host, remove, io);
      } else if (remove) {
        await removeStopped(choice, io);
      } else {
        io.err(`The cluster "${choice.name}" is not running.\n`);
        return 0;
      }
    } catch (error) {
      io.err(`kubicle down: ${(error as Error).message}\n`);
      return 1;
    }
    io.err(remove ? `The cluster "${choice.name}" is deleted.\n` : `The cluster "${choice.name}" is stopped.\n`);
    return 0;
  },
};
