/** A shell in a container. */
import * as vscode from 'vscode';
import type { V1Pod } from '../../cluster-host/api/generated/types.ts';
import { pods } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import { execTerminal } from '../terminals/exec-terminal.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needTrust, Quiet, type Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

export const exec: Command = {
  id: 'kubicle.exec',
  async run(services, node?: ExplorerNode) {
    needTrust();
    const [{ connection, ...ref }] = await clickedOrPicked(services, ['Pod'], node);
    await connection.synced(pods);
    const container = ref.container ?? (await pickContainer(connection.lister(pods)?.get(ref.namespace, ref.name)));
    const target = { namespace: ref.namespace, pod: ref.name, container };
    const terminal = vscode.window.createTerminal({ name: `${ref.name}/${container}`, iconPath: new vscode.ThemeIcon('terminal'), pty: execTerminal(connection.endpoint, target) });
    terminal.show();
  },
};

async function pickContainer(pod: V1Pod | undefined): Promise<string> {
  const names = (pod?.spec?.containers ?? []).map(({ name }) => name);
  const preferred = pod?.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred !== undefined && names.includes(preferred)) return preferred;
  const [only] = names;
  if (only === undefined) throw new Error(t('The pod is gone.'));
  if (names.length === 1) return only;
  const picked = await vscode.window.showQuickPick(names, { title: t('Which container?') });
  if (picked === undefined) throw new Quiet();
  return picked;
}
