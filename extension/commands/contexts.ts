/** Choose the cluster and the namespace that views and commands work on. */
import * as vscode from 'vscode';
import { namespaces } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import type { ClusterNode } from '../views/cluster/model.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needConnection, type Command } from './command.ts';

export const useContext: Command = {
  id: 'kubicle.useContext',
  async run({ connections, local }, node?: ClusterNode) {
    const named = node?.type === 'context' ? node.name : node?.type === 'local' ? local.options.name : undefined;
    const name = named ?? (await vscode.window.showQuickPick([...connections.contexts], { title: t('Use Context') }));
    if (name !== undefined) connections.use(name);
  },
};

export const useNamespace: Command = {
  id: 'kubicle.useNamespace',
  async run(services, node?: { readonly context?: string; readonly object?: { readonly metadata?: { readonly name?: string } } }) {
    const connection = await needConnection(services, node?.context);
    const known = async (): Promise<string[]> => {
      await connection.synced(namespaces);
      return (connection.lister(namespaces)?.list() ?? []).map(({ metadata }) => metadata?.name ?? '').toSorted();
    };
    const name = node?.object?.metadata?.name ?? (await vscode.window.showQuickPick(known(), { title: t('Use Namespace') }));
    if (name !== undefined) services.connections.useNamespace(name, connection);
  },
};

/** Shows another cluster beside the active one. */
export const showCluster: Command = {
  id: 'kubicle.showCluster',
  async run({ connections }, node?: ClusterNode) {
    const hidden = connections.contexts.filter((name) => !connections.isShown(name));
    const name = node?.type === 'context' ? node.name : await vscode.window.showQuickPick(hidden, { title: t('Show which cluster, too?') });
    if (name !== undefined) connections.show(name, true);
  },
};

export const hideCluster: Command = {
  id: 'kubicle.hideCluster',
  async run({ connections }, node?: ClusterNode | ExplorerNode) {
    const clicked = node?.type === 'context' ? node.name : node?.type === 'cluster' ? node.context : undefined;
    const beside = connections.shown.map(({ context }) => context).filter((name) => name !== connections.activeContext);
    const name = clicked ?? (await vscode.window.showQuickPick(beside, { title: t('Hide which cluster?') }));
    if (name !== undefined) connections.show(name, false);
  },
};

export const copyKubeconfigPath: Command = {
  id: 'kubicle.copyKubeconfigPath',
  async run({ local }) {
    await vscode.env.clipboard.writeText(local.options.state.kubeconfig);
    void vscode.window.showInformationMessage(t('Copied: {0}', local.options.state.kubeconfig));
  },
};
