/** Start, stop and reset the local cluster. */
import * as vscode from 'vscode';
import type { RuntimeName } from '../../cluster-host/control-protocol.ts';
import { HostStartError } from '../host-process/start-host.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings/settings.ts';
import { needTrust, Quiet, type Command } from './command.ts';

export const startCluster: Command = {
  id: 'kubicle.startCluster',
  run: (services) => start(services, readSettings().cluster.runtime),
};

/** For a machine without Docker: this time, whatever the settings say. */
export const startSimulated: Command = {
  id: 'kubicle.startSimulated',
  run: (services) => start(services, 'simulated'),
};

async function start(services: Services, runtime: RuntimeName): Promise<void> {
  needTrust();
  const { local, connections } = services;
  const { nodes, port, keepRunning } = readSettings().cluster;
  const title = t('Starting cluster "{0}"', local.options.name);
  try {
    await withProgress(title, services, true, (signal) => local.start({ nodes, runtime, port, keep: keepRunning }, signal));
  } catch (error) {
    // What is wrong is told by then; the answer to it is another command.
    void explain(services, error);
    throw new Quiet();
  }
  connections.use(local.options.name);
  await connections.appeared(local.options.name);
  connections.active?.retry();
}

export const stopCluster: Command = {
  id: 'kubicle.stopCluster',
  run: (services) => withProgress(t('Stopping cluster "{0}"', services.local.options.name), services, false, () => services.local.stop({ delete: false })),
};

export const resetCluster: Command = {
  id: 'kubicle.resetCluster',
  async run(services) {
    needTrust();
    const { name } = services.local.options;
    const confirm = t('Reset');
    const detail = t('Every object, container and volume of it is deleted. It starts again empty.');
    if ((await vscode.window.showWarningMessage(t('Reset the cluster "{0}"?', name), { modal: true, detail }, confirm)) !== confirm) return;
    if (services.local.state.phase !== 'running') await startCluster.run(services);
    await withProgress(t('Deleting cluster "{0}"', name), services, false, () => services.local.stop({ delete: true }));
    await startCluster.run(services);
  },
};

export const showHostLog: Command = {
  id: 'kubicle.showHostLog',
  async run({ local }) {
    await vscode.window.showTextDocument(vscode.Uri.file(local.options.state.log));
  },
};

export const toggleKeep: Command = {
  id: 'kubicle.toggleKeepRunning',
  async run({ local }) {
    if (local.state.phase !== 'running') return;
    const keep = !local.state.status.keep;
    await local.keep(keep);
    void vscode.window.showInformationMessage(keep ? t('The cluster goes on when the last window is closed.') : t('The cluster ends when the last window is closed.'));
  },
};

async function withProgress(title: string, { local }: Services, cancellable: boolean, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const subscription = local.progress.on(({ message }) => progress.report({ message }));
    try {
      await run(abort.signal);
    } finally {
      subscription.dispose();
    }
  });
}

async function explain(services: Services, error: unknown): Promise<void> {
  if (!(error instanceof HostStartError) || error.code === 'cancelled') return;
  services.output.error(`start: ${error.code}: ${error.message}`);
  const again = t('Try Again');
  const log = t('Show Log');
  const message = [error.message, error.hint ?? ''].join(' ').trim();
  const simulated = t('Start Without Docker');
  const noDocker = error.code === 'dockerUnavailable' || error.code === 'dockerForbidden';
  const choice = await vscode.window.showErrorMessage(message, again, ...(noDocker ? [simulated] : []), log);
  if (choice === simulated) await vscode.commands.executeCommand(startSimulated.id);
  else if (choice === again) await vscode.commands.executeCommand(startCluster.id);
  else if (choice === log) await vscode.commands.executeCommand(showHostLog.id);
}
