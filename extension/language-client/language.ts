/** The language server, started when the first manifest is open, and what the rest of the extension asks it. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { serverNodeArguments, type ClientNotifications, type ClientRequests, type ManifestDocument, type ServerOptions, type ServerRequests } from '../../language/messages.ts';
import type { Connections } from '../clusters/connections.ts';
import { liveUri } from '../live/live-uri.ts';
import { onSettingsChanged, readSettings } from '../settings/settings.ts';
import { coalesce } from '../views/coalesce.ts';
import { liveDefinitions, liveImages, liveObject } from './live-object.ts';
import { liveObjects, type LinkOf } from './live-objects.ts';

/** The extension of Red Hat, with which we share a window in peace. */
const otherYamlExtension = 'redhat.vscode-yaml';
const linkTo: LinkOf = (context, resource, { metadata: { namespace = '', name = '' } = {} }) => liveUri(context, { resource, namespace, name }).toString();
/** Milliseconds between two messages that the cluster changed. */
const clusterPause = 2000;

export class Language implements vscode.Disposable {
  readonly #server: string;
  readonly #rulePages: vscode.Uri;
  readonly #connections: Connections;
  readonly #subscriptions: readonly { dispose(): void }[];
  #client: Promise<LanguageClient> | undefined;

  /** `extension`: the folder of this extension. */
  constructor(extension: vscode.Uri, connections: Connections) {
    this.#server = vscode.Uri.joinPath(extension, 'dist', 'language', 'server.js').fsPath;
    this.#rulePages = vscode.Uri.joinPath(extension, 'docs', 'rules');
    this.#connections = connections;
    const clusterChanged = coalesce(clusterPause, () => this.#tell('kubicle/clusterChanged', {}));
    this.#subscriptions = [onSettingsChanged(() => this.#tell('kubicle/rules', { rules: readSettings().rules })), connections.changed.on(clusterChanged), clusterChanged];
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
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#client?.then((client) => client.dispose());
  }

  #tell<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): void {
    void this.#client?.then((client) => client.sendNotification(method, params));
  }

  async #ask<M extends keyof ClientRequests>(method: M, params: ClientRequests[M]['params']): Promise<ClientRequests[M]['result']> {
    const client = await this.start();
    return client.sendRequest(method, params);
  }

  /** Starts the server, once. */
  start(): Promise<LanguageClient> {
    this.#client ??= this.#launch();
    return this.#client;
  }

  async #launch(): Promise<LanguageClient> {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
    const options: ServerOptions = { yamlServedElsewhere: vscode.extensions.getExtension(otherYamlExtension) !== undefined, rules: readSettings().rules, rulePages: this.#rulePages.toString(), mayRunPrograms: vscode.workspace.isTrusted };
    const client = new LanguageClient(
      'kubicle',
      'Kubicle Language Server',
      { module: this.#server, transport: TransportKind.ipc, options: { execArgv: [...serverNodeArguments] } },
      {
        documentSelector: [{ language: 'yaml' }],
        initializationOptions: options,
      },
    );
    this.#answer(client, 'kubicle/liveObjects', (query) => liveObjects(this.#connections.active, query, linkTo));
    // What the server asks by itself opens no connection that nobody has asked for.
    this.#answer(client, 'kubicle/liveObject', (question) => liveObject(this.#connections.opened, question));
    this.#answer(client, 'kubicle/definitions', ({ known }) => liveDefinitions(this.#connections.opened, known));
    this.#answer(client, 'kubicle/images', async () => ({ images: await liveImages(this.#connections.active) }));
    await client.start();
    return client;
  }

  #answer<M extends keyof ServerRequests>(client: LanguageClient, method: M, answer: (params: ServerRequests[M]['params']) => Promise<ServerRequests[M]['result']>): void {
    client.onRequest<object, Error>(method, (params: ServerRequests[M]['params']) => answer(params));
  }
}
