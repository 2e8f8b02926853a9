/** Wires the library to an LSP connection: capabilities, and one handler a request. */
import { CodeActionKind, DidChangeWatchedFilesNotification, ErrorCodes, NotificationType, RequestType, ResponseError, TextDocumentSyncKind } from 'vscode-languageserver';
import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver';
import { codeLenses } from '../features/code-lenses.ts';
import { documentsOf, rangesOfFields } from '../features/documents.ts';
import type { FeatureContext } from '../features/feature.ts';
import { definitionsAt, referencesAt } from '../features/definition.ts';
import { prepareRename, rename } from '../features/rename.ts';
import { documentSymbols, workspaceSymbols } from '../features/symbols.ts';
import type { ClientNotifications, ClientRequests, Range, ServerOptions } from '../messages.ts';
import { Project } from '../project.ts';
import { codeActionsOf, documentSymbolOf, workspaceEditOf, workspaceSymbolOf } from './convert.ts';
import { complete } from './completion.ts';
import { hover } from './hover.ts';
import { liveObjectsOf } from './live-objects.ts';
import { OpenFiles } from './open-files.ts';
import { WorkspaceFiles } from './workspace-files.ts';
import { YamlService } from './yaml-service.ts';

type Documents = ClientRequests['kubicle/documents'];
type Positions = ClientRequests['kubicle/positions'];
type Rules = ClientNotifications['kubicle/rules'];

export function startServer(connection: Connection): void {
  const project = new Project(() => Date.now());
  const live = liveObjectsOf(connection);
  const yaml = new YamlService((error) => connection.console.error(`yaml-language-server: ${String(error)}`));
  const workspaceFiles: WorkspaceFiles = new WorkspaceFiles(project, (uri) => openFiles.isOpen(uri));
  const openFiles: OpenFiles = new OpenFiles(connection, project, (uri) => workspaceFiles.read(uri));
  let folders: readonly string[] = [];
  let watches = false;
  let changesFolders = false;

  const contextOf = (uri: string): FeatureContext | undefined => {
    const file = openFiles.current(uri);
    return file === undefined ? undefined : { file, index: project.index, live };
  };

  const readFolders = async (uris: readonly string[]): Promise<void> => {
    await workspaceFiles.readFolders(uris.filter((uri) => uri.startsWith('file:')));
    openFiles.diagnoseAllSoon();
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const options: Partial<ServerOptions> = params.initializationOptions ?? {};
    project.configure({ rules: options.rules ?? {}, syntaxElsewhere: options.yamlServedElsewhere === true });
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
    changesFolders = params.capabilities.workspace?.workspaceFolders === true;
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'kubicle' },
      capabilities: {
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeLensProvider: {},
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        workspaceSymbolProvider: true,
        ...(options.yamlServedElsewhere === true ? {} : { documentSymbolProvider: true, documentFormattingProvider: true }),
        completionProvider: { triggerCharacters: [' ', ':', '-', '"'] },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      },
    };
  });

  connection.onInitialized(async () => {
    if (watches) await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{yaml,yml}' }] });
    if (changesFolders) connection.workspace.onDidChangeWorkspaceFolders(({ added }) => readFolders(added.map(({ uri }) => uri)));
    await readFolders(folders);
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    await workspaceFiles.changed(changes);
    openFiles.diagnoseAllSoon();
  });

  connection.onNotification(new NotificationType<Rules>('kubicle/rules'), ({ rules }) => {
    project.configure({ rules });
    openFiles.diagnoseAllSoon();
  });

  connection.onHover(async ({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? null : await hover(context, position, yaml);
  });

  connection.onCompletion(async ({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? null : await complete(context, position, yaml);
  });

  connection.onDocumentFormatting(async ({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined || project.index.manifestsIn(textDocument.uri).length === 0 ? [] : [...(await yaml.format(textDocument.uri, context.file.text.text))];
  });

  connection.onDefinition(({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : [...definitionsAt(context, position)];
  });

  connection.onReferences(({ textDocument, position, context: { includeDeclaration } }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : [...referencesAt(context, position, includeDeclaration)];
  });

  connection.onPrepareRename(({ textDocument, position }) => {
    const context = contextOf(textDocument.uri);
    const target = context === undefined ? undefined : prepareRename(context, position);
    return target === undefined ? null : { range: target.range, placeholder: target.text };
  });

  connection.onRenameRequest(({ textDocument, position, newName }) => {
    const context = contextOf(textDocument.uri);
    if (context === undefined) return null;
    const answer = rename(context, position, newName);
    return 'edits' in answer ? workspaceEditOf(answer.edits) : new ResponseError(ErrorCodes.InvalidParams, answer.refused);
  });

  connection.onDocumentSymbol(({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : documentSymbols(context).map(documentSymbolOf);
  });

  connection.onWorkspaceSymbol(({ query }) => workspaceSymbols(project.index, query, 200).map(workspaceSymbolOf));

  connection.onCodeLens(({ textDocument }) => {
    const context = contextOf(textDocument.uri);
    return context === undefined ? [] : codeLenses(context).map(({ range, title, command, argument }) => ({ range, command: { title, command, arguments: [argument] } }));
  });

  connection.onCodeAction(({ textDocument: { uri }, range }) => {
    const file = contextOf(uri)?.file;
    if (file === undefined) return [];
    const findings = project.findings(uri).filter((finding) => touches(finding.range, range));
    return findings.flatMap((finding) => codeActionsOf(file, finding));
  });

  connection.onRequest(new RequestType<Documents['params'], Documents['result'], void>('kubicle/documents'), ({ uri }) => {
    const context = contextOf(uri);
    return { documents: context === undefined ? [] : documentsOf(context) };
  });

  connection.onRequest(new RequestType<Positions['params'], Positions['result'], void>('kubicle/positions'), ({ uri, document, fields }) => {
    const context = contextOf(uri);
    return { ranges: context === undefined ? [] : rangesOfFields(context, document, fields) };
  });

  connection.onShutdown(() => openFiles.dispose());
  connection.listen();
}

function touches(one: Range, other: Range): boolean {
  const before = (a: Range, b: Range): boolean => a.end.line < b.start.line || (a.end.line === b.start.line && a.end.character < b.start.character);
  return !before(one, other) && !before(other, one);
}
