/** What the explorer shows: an object as YAML, the filter, namespaces, favourites. */
import * as vscode from 'vscode';
import { namespaces } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import { liveUri } from '../live/live-uri.ts';
import type { Services } from '../services.ts';
import { identityOf } from '../views/explorer/contributions.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { favouriteOf } from '../views/explorer/preferences.ts';
import { needConnection, Quiet, type Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

const anyKind = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Service'];

export const openLive: Command = {
  id: 'kubicle.openLive',
  async run(services, node?: ExplorerNode) {
    const [{ connection, ...ref }] = await clickedOrPicked(services, anyKind, node);
    const document = await vscode.workspace.openTextDocument(liveUri(connection.context, ref));
    await vscode.window.showTextDocument(document, { preview: true });
  },
};

/** What another extension wants a click on its node to do. */
export const runExtra: Command = {
  id: 'kubicle.runExtra',
  async run(_services, node?: ExplorerNode) {
    if (node?.type === 'extra' && node.extra.command !== undefined) await vscode.commands.executeCommand(node.extra.command, identityOf(node.parent));
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

export const toggleFavourite: Command = { id: 'kubicle.toggleFavourite', run: (services, node?: ExplorerNode) => toggle(services, node) };
export const dropFavourite: Command = { id: 'kubicle.dropFavourite', run: (services, node?: ExplorerNode) => toggle(services, node) };

function toggle({ explorer }: Services, node: ExplorerNode | undefined): void {
  if (node?.type !== 'object') return;
  explorer.preferences.toggleFavourite(node.context, favouriteOf(node));
  explorer.refresh();
}

export const showNamespaces: Command = {
  id: 'kubicle.showNamespaces',
  async run(services, node?: ExplorerNode) {
    const connection = await needConnection(services, node?.context);
    await connection.synced(namespaces);
    const { preferences, refresh } = services.explorer;
    const shown = preferences.of(connection.context).namespaces;
    const names = (connection.lister(namespaces)?.list() ?? []).map(({ metadata }) => metadata?.name ?? '').toSorted();
    const items = names.map((label) => ({ label, picked: shown.length === 0 || shown.includes(label) }));
    const picked = await vscode.window.showQuickPick(items, { canPickMany: true, title: t('Show which namespaces?') });
    if (picked === undefined) throw new Quiet();
    preferences.showNamespaces(connection.context, picked.length === names.length ? [] : picked.map(({ label }) => label));
    refresh();
  },
};

function setFilter({ explorer }: Services, text: string): void {
  explorer.model.filter = text.trim();
  void vscode.commands.executeCommand('setContext', 'kubicle.filtered', explorer.model.filter !== '');
  explorer.refresh();
}
