/** Small commands of the explorer: copy a name, open an object as YAML, filter. */
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { liveUri } from '../live/live-uri.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needConnection, type Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

const anyKind = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Service'];

export const copyName: Command = {
  id: 'kubicle.copyName',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    const address = node?.type === 'endpoint' ? node.address : undefined;
    const names = address === undefined ? (await clickedOrPicked(services, anyKind, node, selection)).map(({ container, name }) => container ?? name) : [address];
    await vscode.env.clipboard.writeText(names.join('\n'));
  },
};

export const openLive: Command = {
  id: 'kubicle.openLive',
  async run(services, node?: ExplorerNode) {
    const [ref] = await clickedOrPicked(services, anyKind, node);
    const connection = await needConnection(services);
    const document = await vscode.workspace.openTextDocument(liveUri(connection.context, ref));
    await vscode.window.showTextDocument(document, { preview: true });
  },
};

export const filterExplorer: Command = {
  id: 'kubicle.filterExplorer',
  run(services) {
    const input = vscode.window.createInputBox();
    input.title = t('Filter the Explorer');
    input.placeholder = t('Part of a name or a status');
    input.value = services.explorer.model.filter;
    input.onDidChangeValue((text) => setFilter(services, text));
    input.onDidAccept(() => input.hide());
    input.onDidHide(() => input.dispose());
    input.show();
  },
};

export const clearFilter: Command = {
  id: 'kubicle.clearFilter',
  run: (services) => setFilter(services, ''),
};

function setFilter({ explorer }: Services, text: string): void {
  explorer.model.filter = text.trim();
  void vscode.commands.executeCommand('setContext', 'kubicle.filtered', explorer.model.filter !== '');
  explorer.refresh();
}
