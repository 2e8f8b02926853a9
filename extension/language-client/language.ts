/** The language server, started when the first manifest is open, and what the rest of the extension asks it. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { serverNodeArguments, type ClientRequests, type LiveObjectsAnswer, type LiveObjectsQuery, type ManifestDocument, type ServerOptions } from '../../language/messages.ts';
import type { Connection } from '../clusters/connection.ts';
import { onSettingsChanged, readSettings } from '../settings/settings.ts';
import { liveObjects } from './live-objects.ts';

/** The extension of Red Hat, with which we share a window in peace. */
const otherYamlExtension = 'redhat.vscode-yaml';

export class Language implements vscode.Disposable {
  readonly #server: string;
  readonly #connection: () => Connection | undefined;
  readonly #subscription: vscode.Disposable;
  #client: Promise<LanguageClient> | undefined;

  /** `server`: the bundle to run. */
  constructor(server: string, connection: () => Connection | undefined) {
    this.#server = server;
    this.#connection = connection;
    this.#subscription = onSettingsChanged(() => void this.#client?.then((client) => client.sendNotification('kubicle/rules', { rules: readSettings().rules })));
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
    this.#subscription.dispose();
    void this.#client?.then((client) => client.dispose());
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
    const options: ServerOptions = { yamlServedElsewhere: vscode.extensions.getExtension(otherYamlExtension) !== undefined, rules: readSettings().rules };
    const client = new LanguageClient(
      'kubicle',
      'Kubicle Language Server',
      { module: this.#server, transport: TransportKind.ipc, options: { execArgv: [...serverNodeArguments] } },
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
