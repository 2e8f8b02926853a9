/** The language server, started when the first manifest is open, and what the rest of the extension asks it. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ClientRequests, LiveObjectsAnswer, LiveObjectsQuery, ManifestDocument, ServerOptions } from '../../language/messages.ts';
import type { Connection } from '../clusters/connection.ts';
import { onSettingsChanged, readSettings } from '../settings/settings.ts';
import { liveObjects } from './live-objects.ts';
import { looksLikeKubernetes } from './looks-like-kubernetes.ts';

/** The extension of Red Hat, with which we share a window in peace. */
const otherYamlExtension = 'redhat.vscode-yaml';

/** Longer texts are not looked through at each key stroke. */
const inspectedLength = 200_000;

export class Language implements vscode.Disposable {
  readonly #server: string;
  readonly #connection: () => Connection | undefined;
  readonly #subscriptions: vscode.Disposable[];
  readonly #manifests = new Set<string>();
  #client: Promise<LanguageClient> | undefined;

  /** `server`: the bundle to run. */
  constructor(server: string, connection: () => Connection | undefined) {
    this.#server = server;
    this.#connection = connection;
    const inspect = (document: vscode.TextDocument): void => this.#inspect(document);
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument(inspect),
      vscode.workspace.onDidChangeTextDocument(({ document }) => inspect(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#mark(document.uri, false)),
      onSettingsChanged(() => void this.#client?.then((client) => client.sendNotification('kubicle/rules', { rules: readSettings().rules }))),
    ];
    vscode.workspace.textDocuments.forEach(inspect);
  }

  /** The Kubernetes objects of an open document, in order. */
  async documents(document: vscode.TextDocument): Promise<readonly ManifestDocument[]> {
    return (await this.#ask('kubicle/documents', { uri: document.uri.toString() })).documents;
  }

  /** Where fields of one of its objects stand. */
  async positions(document: vscode.TextDocument, index: number, fields: readonly string[]): Promise<readonly vscode.Range[]> {
    const { ranges } = await this.#ask('kubicle/positions', { uri: document.uri.toString(), document: index, fields });
    return ranges.map(({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character));
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    void this.#client?.then((client) => client.dispose());
  }

  /** Wakes the server for the first manifest, and marks manifests for the `when` clauses of menus. */
  #inspect(document: vscode.TextDocument): void {
    if (document.languageId !== 'yaml') return;
    const isManifest = looksLikeKubernetes(document.getText().slice(0, inspectedLength));
    this.#mark(document.uri, isManifest);
    if (isManifest && this.#client === undefined) void this.#start();
  }

  #mark(uri: vscode.Uri, isManifest: boolean): void {
    const key = uri.fsPath;
    if (this.#manifests.has(key) === isManifest) return;
    if (isManifest) this.#manifests.add(key);
    else this.#manifests.delete(key);
    void vscode.commands.executeCommand('setContext', 'kubicle.manifests', [...this.#manifests]);
  }

  async #ask<M extends keyof ClientRequests>(method: M, params: ClientRequests[M]['params']): Promise<ClientRequests[M]['result']> {
    const client = await this.#start();
    return client.sendRequest(method, params);
  }

  #start(): Promise<LanguageClient> {
    this.#client ??= this.#launch();
    return this.#client;
  }

  async #launch(): Promise<LanguageClient> {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
    const options: ServerOptions = { yamlServedElsewhere: vscode.extensions.getExtension(otherYamlExtension) !== undefined, rules: readSettings().rules };
    const client = new LanguageClient(
      'kubicle',
      'Kubicle Language Server',
      { module: this.#server, transport: TransportKind.ipc },
      {
        documentSelector: [{ language: 'yaml' }],
        initializationOptions: options,
      },
    );
    client.onRequest<LiveObjectsAnswer, Error>('kubicle/liveObjects', (query: LiveObjectsQuery) => liveObjects(this.#connection(), query));
    await client.start();
    return client;
  }
}
