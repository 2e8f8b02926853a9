/** The server's life over an LSP connection: what it offers, which files it reads, whom it tells. */
import { CodeActionKind, CodeLensRefreshRequest, DidChangeWatchedFilesNotification, NotificationType, TextDocumentSyncKind } from 'vscode-languageserver';
import type { Connection, ServerCapabilities } from 'vscode-languageserver';
import type { FeatureContext } from '../features/feature.ts';
import type { ClientNotifications, ServerOptions } from '../messages.ts';
import { Project } from '../project.ts';
import { Charts } from './charts.ts';
import { ClusterLink } from './cluster-link.ts';
import { handleRequests } from './handlers.ts';
import { liveImagesOf, liveObjectsOf } from './live-objects.ts';
import { OpenFiles } from './open-files.ts';
import { readNeeded, WorkspaceFiles } from './workspace-files.ts';

export function startServer(connection: Connection): void {
  const project = new Project(() => Date.now(), readNeeded);
  const live = liveObjectsOf(connection);
  const workspaceFiles: WorkspaceFiles = new WorkspaceFiles(project, (uri) => openFiles.isOpen(uri));
  const cluster = new ClusterLink(connection, project);
  const openFiles: OpenFiles = new OpenFiles(connection, project, {
    readClosed: (uri) => workspaceFiles.read(uri),
    moreFindings: (uri) => charts.findings(uri),
    touched: (uri) => void charts.touched(uri),
    learn: () => cluster.learn(),
    learnt: () => {
      // A client that goes away meanwhile needs no lenses.
      if (follows.lenses) connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
    },
  });
  const charts: Charts = new Charts(project, (uris) => openFiles.publish(uris));
  const lookAtCluster = async (): Promise<void> => {
    if (await cluster.refresh()) openFiles.diagnoseAllSoon();
    await openFiles.reconsider();
  };
  let folders: readonly string[] = [];
  let follows = { files: false, folders: false, lenses: false };

  const readFolders = async (uris: readonly string[]): Promise<void> => {
    await workspaceFiles.readFolders(uris.filter((uri) => uri.startsWith('file:')));
    openFiles.diagnoseAllSoon();
  };

  connection.onInitialize(({ initializationOptions, workspaceFolders, capabilities: { workspace } }) => {
    const { yamlServedElsewhere = false, rules = {}, rulePages, mayRunPrograms = false }: Partial<ServerOptions> = initializationOptions ?? {};
    project.configure({ rules, syntaxElsewhere: yamlServedElsewhere });
    openFiles.rulePages = rulePages;
    charts.enabled = mayRunPrograms;
    folders = workspaceFolders?.map(({ uri }) => uri) ?? [];
    follows = { files: workspace?.didChangeWatchedFiles?.dynamicRegistration === true, folders: workspace?.workspaceFolders === true, lenses: workspace?.codeLens?.refreshSupport === true };
    return { serverInfo: { name: 'kubicle' }, capabilities: capabilitiesOf(yamlServedElsewhere) };
  });

  connection.onInitialized(async () => {
    if (follows.files) await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{yaml,yml}' }] });
    if (follows.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) workspaceFiles.forgetFolder(uri);
        return readFolders(added.map(({ uri }) => uri));
      });
    }
    await Promise.all([lookAtCluster(), readFolders(folders)]);
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    await workspaceFiles.changed(changes);
    openFiles.diagnoseAllSoon();
  });

  connection.onNotification(new NotificationType<ClientNotifications['kubicle/rules']>('kubicle/rules'), ({ rules }) => {
    project.configure({ rules });
    openFiles.diagnoseAllSoon();
  });

  connection.onNotification(new NotificationType<ClientNotifications['kubicle/clusterChanged']>('kubicle/clusterChanged'), lookAtCluster);

  handleRequests(connection, project, (uri): FeatureContext | undefined => {
    const file = openFiles.current(uri);
    return file === undefined ? undefined : { file, index: project.index, customKinds: project.customKinds, cluster: project.cluster, live, images: () => liveImagesOf(connection) };
  });

  connection.onShutdown(() => openFiles.dispose());
  connection.listen();
}

function capabilitiesOf(yamlServedElsewhere: boolean): ServerCapabilities {
  return {
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [' ', ':', '-', '"'] },
    codeLensProvider: {},
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    workspaceSymbolProvider: true,
    // Two outlines, or two formatters, are one too many.
    documentSymbolProvider: !yamlServedElsewhere,
    foldingRangeProvider: !yamlServedElsewhere,
    documentFormattingProvider: !yamlServedElsewhere,
  };
}
