/** The composition root: makes every part once and connects them. Loaded by `main.ts` at the first need. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { stateDirectory } from '../cluster-host/host/state-directory.ts';
import type { Disposable } from '../cluster-host/platform/platform.ts';
import { createApi, type KubicleApi } from './api.ts';
import { LastApply } from './apply/last-apply.ts';
import { ApplyProblems } from './apply/problems.ts';
import { AppliedSources } from './apply/sources.ts';
import { Connections } from './clusters/connections.ts';
import { httpsWire } from './clusters/https-wire.ts';
import { KubeconfigFiles, kubeconfigPaths } from './clusters/kubeconfig-files.ts';
import { runCommand } from './commands/command.ts';
import { contextKeys } from './context-keys.ts';
import { commands } from './contributions.ts';
import { Forwards, type ForwardWish } from './forwards/forwards.ts';
import { LocalCluster, type LocalClusterOptions } from './host-process/local-cluster.ts';
import { useTranslator } from './l10n.ts';
import { Language } from './language-client/language.ts';
import { LiveFiles } from './live/live-files.ts';
import { outputLogger } from './output-logger.ts';
import type { Services } from './services.ts';
import { onSettingsChanged, readSettings } from './settings/settings.ts';
import { coalesce } from './views/coalesce.ts';
import { ClusterModel } from './views/cluster/model.ts';
import { DashboardViews } from './views/dashboard/dashboard-views.ts';
import { ExplorerModel } from './views/explorer/model.ts';
import { Contributions } from './views/explorer/contributions.ts';
import { ExplorerPreferences } from './views/explorer/preferences.ts';
import { ForwardsModel } from './views/forwards/model.ts';
import { LogViews } from './views/logs/log-views.ts';
import { Previews } from './views/previews.ts';
import { unwrapped } from './views/row.ts';
import { StatusBar } from './views/status-bar.ts';
import { redrawInterval, TreeBinding } from './views/tree-binding.ts';

export interface App {
  /** By the ids of package.json. */
  readonly trees: Readonly<Record<'kubicle.cluster' | 'kubicle.explorer' | 'kubicle.forwards', vscode.TreeDataProvider<any>>>;
  readonly language: Language;
  readonly files: LiveFiles;
  readonly api: KubicleApi;
  /** Runs a command of package.json; what goes wrong is told to the user. */
  run(id: string, args: readonly unknown[]): Promise<unknown>;
}

export function start(context: vscode.ExtensionContext, explorer: vscode.TreeView<unknown>): App {
  useTranslator((message, ...values) => vscode.l10n.t(message, ...values));
  const own = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const output = own(vscode.window.createOutputChannel('Kubicle', { log: true }));

  const bundle = context.asAbsolutePath(join('dist', 'cluster-host', 'main.cjs'));
  const local = own(new LocalCluster(localOptions(bundle)));

  const kubeconfigs = own(new KubeconfigFiles());
  const memory = {
    get: (key: string) => context.workspaceState.get<string>(key),
    set: (key: string, value: string | undefined) => void context.workspaceState.update(key, value),
  };
  const version = String(context.extension.packageJSON.version);
  const connections = own(new Connections(kubeconfigs, memory, (endpoint) => httpsWire(endpoint, `kubicle/${version}`, outputLogger(output))));
  const language = own(new Language(context.extensionUri, connections));
  const forwards = own(
    new Forwards((name) => connections.openedTo(name), {
      get: () => context.workspaceState.get<readonly ForwardWish[]>('forwards') ?? [],
      set: (wishes) => void context.workspaceState.update('forwards', wishes),
    }, () => readSettings().forwards),
  );
  const problems = own(new ApplyProblems(language));
  const sources = new AppliedSources({
    get: (name) => context.workspaceState.get(`applied/${name}`) ?? {},
    set: (name, files) => void context.workspaceState.update(`applied/${name}`, files),
  });
  const media = vscode.Uri.joinPath(context.extensionUri, 'media');
  const logs = own(new LogViews(media));
  const dashboards = own(new DashboardViews(media, (name) => connections.openedTo(name)));

  const clusterTree = own(
    new TreeBinding(
      new ClusterModel(() => ({
        localName: local.options.name,
        local: local.state,
        contexts: connections.contexts,
        active: connections.activeContext,
        problems: connections.problems,
        connections: new Map(connections.contexts.flatMap((name) => {
          const state = connections.openedTo(name)?.state;
          return state === undefined ? [] : [[name, state] as const];
        })),
      })),
    ),
  );
  const preferences = new ExplorerPreferences({
    get: (name) => context.workspaceState.get(`explorer/${name}`),
    set: (name, wishes) => void context.workspaceState.update(`explorer/${name}`, wishes),
  });
  const contributions = new Contributions();
  const explorerModel = new ExplorerModel(() => connections.shown, (name) => preferences.of(name), contributions);
  const explorerTree = own(new TreeBinding(explorerModel));
  const forwardsTree = own(new TreeBinding(new ForwardsModel(() => forwards.entries)));

  const statusBar = own(new StatusBar(connections, local));
  const keys = contextKeys();
  const showSurroundings = own(
    coalesce(redrawInterval, () => {
      const connection = connections.opened;
      statusBar.update();
      keys({ local: local.state, context: connections.activeContext, connection: connection?.state });
      explorer.description = [connections.shown.length > 1 ? '' : (connection?.context ?? ''), explorerModel.filter === '' ? '' : `“${explorerModel.filter}”`].filter((part) => part !== '').join(' · ');
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
      if (local.state.phase === 'running' && connections.opened?.context === local.options.name) connections.opened.retry();
      changed();
    }),
  );
  own(connections.changed.on(changed));
  own(contributions.changed.on(changed));
  own(
    connections.changed.on(() => {
      if (!vscode.workspace.isTrusted) return;
      for (const connection of connections.shown) void forwards.restore(connection);
    }),
  );
  own(forwards.changed.on(forwardsTree.refresh));

  const services: Services = { local, connections, forwards, language, logs, dashboards, problems, previews: own(new Previews()), output, explorer: { model: explorerModel, preferences, refresh: changed }, lastApply: new LastApply(), sources };

  const follow = (): Promise<void> => kubeconfigs.follow(kubeconfigPaths(process.env, readSettings().kubeconfigFiles, local.options.state.kubeconfig));
  own(
    onSettingsChanged(() => {
      local.relocate(localOptions(bundle));
      void follow();
    }),
  );
  void follow();
  void local.attach();
  return {
    trees: { 'kubicle.cluster': clusterTree, 'kubicle.explorer': explorerTree, 'kubicle.forwards': forwardsTree },
    language,
    files: own(new LiveFiles((name) => connections.connection(name))),
    api: createApi(connections, local, contributions),
    run: (id, args) => runCommand(commands, services, id, args.map(unwrapped)),
  };
}

function localOptions(bundle: string): LocalClusterOptions {
  const { name, stateDirectory: chosen } = readSettings().cluster;
  const directory = chosen.replace(/^~(?=\/|$)/, homedir());
  return { node: process.execPath, bundle, name, state: stateDirectory(name, directory === '' ? undefined : directory) };
}
