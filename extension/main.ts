/**
 * The extension's composition root: makes every part once and connects them. Activation reads no cluster, starts no process and
 * loads nothing heavy: parts wake when a view is shown, a command runs or a manifest is opened.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { stateDirectory } from '../cluster-host/host/state-directory.ts';
import type { Disposable } from '../cluster-host/platform/platform.ts';
import { createApi, type KubicleApi } from './api.ts';
import { ApplyProblems } from './apply/problems.ts';
import { Connections } from './clusters/connections.ts';
import { httpsWire } from './clusters/https-wire.ts';
import { KubeconfigFiles, kubeconfigPaths } from './clusters/kubeconfig-files.ts';
import { registerCommands } from './commands/command.ts';
import { previews, previewScheme } from './commands/diff.ts';
import { contextKeys } from './context-keys.ts';
import { commands } from './contributions.ts';
import { Forwards } from './forwards/forwards.ts';
import { LocalCluster } from './host-process/local-cluster.ts';
import { useTranslator } from './l10n.ts';
import { Language } from './language-client/language.ts';
import { LiveFiles } from './live/live-files.ts';
import { liveScheme } from './live/live-uri.ts';
import { outputLogger } from './output-logger.ts';
import { onSettingsChanged, readSettings } from './settings/settings.ts';
import { coalesce } from './views/coalesce.ts';
import { ClusterModel } from './views/cluster/model.ts';
import { ExplorerModel } from './views/explorer/model.ts';
import { ForwardsModel } from './views/forwards/model.ts';
import { LogViews } from './views/logs/log-views.ts';
import { StatusBar } from './views/status-bar.ts';
import { redrawInterval, TreeBinding } from './views/tree-binding.ts';

export function activate(context: vscode.ExtensionContext): KubicleApi {
  useTranslator((message, ...values) => vscode.l10n.t(message, ...values));
  const own = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const output = own(vscode.window.createOutputChannel('Kubicle', { log: true }));

  const { cluster } = readSettings();
  const directory = cluster.stateDirectory.replace(/^~(?=\/|$)/, homedir());
  const state = stateDirectory(cluster.name, directory === '' ? undefined : directory);
  const local = own(new LocalCluster({ node: process.execPath, bundle: context.asAbsolutePath(join('dist', 'cluster-host', 'main.js')), name: cluster.name, state }));

  const kubeconfigs = own(new KubeconfigFiles());
  const memory = {
    get: (key: string) => context.workspaceState.get<string>(key),
    set: (key: string, value: string | undefined) => void context.workspaceState.update(key, value),
  };
  const version = String(context.extension.packageJSON.version);
  const connections = own(new Connections(kubeconfigs, memory, (endpoint) => httpsWire(endpoint, `kubicle/${version}`, outputLogger(output))));
  const language = own(new Language(context.asAbsolutePath(join('dist', 'language', 'server.js')), () => connections.active));
  const forwards = own(new Forwards(() => connections.opened));
  const problems = own(new ApplyProblems(language));
  const logs = own(new LogViews(vscode.Uri.joinPath(context.extensionUri, 'media')));

  const clusterTree = own(
    new TreeBinding(
      new ClusterModel(() => ({
        localName: cluster.name,
        local: local.state,
        contexts: connections.contexts,
        active: connections.activeContext,
        connection: connections.opened?.state,
      })),
    ),
  );
  const explorerModel = new ExplorerModel(() => (connections.active?.state.phase === 'connected' ? connections.active : undefined));
  const explorerTree = own(new TreeBinding(explorerModel));
  const forwardsTree = own(new TreeBinding(new ForwardsModel(() => forwards.entries)));
  own(vscode.window.createTreeView('kubicle.cluster', { treeDataProvider: clusterTree }));
  const explorer = own(vscode.window.createTreeView('kubicle.explorer', { treeDataProvider: explorerTree, canSelectMany: true, showCollapseAll: true }));
  own(vscode.window.createTreeView('kubicle.forwards', { treeDataProvider: forwardsTree }));

  const statusBar = own(new StatusBar(connections, local));
  const keys = contextKeys();
  const showSurroundings = own(
    coalesce(redrawInterval, () => {
      const connection = connections.opened;
      statusBar.update();
      keys({ local: local.state, context: connections.activeContext, connection: connection?.state });
      explorer.description = [connection?.context ?? '', explorerModel.filter === '' ? '' : `“${explorerModel.filter}”`].filter((part) => part !== '').join(' · ');
    }),
  );
  const changed = (): void => {
    clusterTree.refresh();
    explorerTree.refresh();
    showSurroundings();
  };
  own(
    local.changed.on(() => {
      // It just came up, or another window started it: no need to wait for the next try.
      if (local.state.phase === 'running' && connections.opened?.context === cluster.name) connections.opened.retry();
      changed();
    }),
  );
  own(connections.changed.on(changed));
  own(forwards.changed.on(forwardsTree.refresh));

  own(registerCommands(commands, { local, connections, forwards, language, logs, problems, output, explorer: { model: explorerModel, refresh: changed } }));
  own(vscode.workspace.registerFileSystemProvider(liveScheme, new LiveFiles(() => connections.active), { isCaseSensitive: true }));
  own(vscode.workspace.registerTextDocumentContentProvider(previewScheme, previews));

  const follow = (): Promise<void> => kubeconfigs.follow(kubeconfigPaths(process.env, readSettings().kubeconfigFiles, state.kubeconfig));
  own(onSettingsChanged(() => void follow()));
  void follow();
  void local.attach();
  return createApi(connections, local);
}
