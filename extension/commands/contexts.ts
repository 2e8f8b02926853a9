/** Choose the cluster and the namespace that views and commands work on. */
import * as vscode from 'vscode';
import { namespaces } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import type { ClusterNode } from '../views/cluster/model.ts';
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
  async run(services, node?: { readonly object?: { readonly metadata?: { readonly name?: string } } }) {
    const connection = await needConnection(services);
    const known = async (): Promise<string[]> => {
      await connection.synced(namespaces);
      return (connection.lister(namespaces)?.list() ?? []).map(({ metadata }) => metadata?.name ?? '').toSorted();
    };
    const name = node?.object?.metadata?.name ?? (await vscode.window.showQuickPick(known(), { title: t('Use Namespace') }));
    if (name !== undefined) services.connections.useNamespace(name);
  },
};

export const copyKubeconfigPath: Command = {
  id: 'kubicle.copyKubeconfigPath',
  async run({ local }) {
    await vscode.env.clipboard.writeText(local.options.state.kubeconfig);
    void vscode.window.showInformationMessage(t('Copied: {0}', local.options.state.kubeconfig));
  },
};
