/**
 * Live objects as editable YAML documents: opening reads from the API, and saving writes what was edited, field by field. Where the
 * object changed meanwhile VS Code itself sees that by its time, and shows both states beside one another.
 */
import * as vscode from 'vscode';
import { hasReason, type Client } from '../../cluster-host/client/client.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { LiveFileSource } from './lazy-files.ts';
import { editsBetween } from './edits.ts';
import { editManager } from './live-scheme.ts';
import { liveRef, type LiveRef } from './live-uri.ts';
import { readable } from './readable.ts';

export class LiveFiles implements LiveFileSource, vscode.Disposable {
  readonly #connection: (context: string) => Connection | undefined;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly changes = this.#changes.event;
  /** Objects as their documents were read, by address. */
  readonly #read = new Map<string, KubeObject>();

  constructor(connection: (context: string) => Connection | undefined) {
    this.#connection = connection;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const object = await this.#get(uri);
    const created = Date.parse(object.metadata?.creationTimestamp ?? '') || 0;
    return { type: vscode.FileType.File, ctime: created, mtime: created + age(object), size: 0 };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { stringify } = await import('yaml');
    const object = readable(await this.#get(uri));
    this.#read.set(uri.toString(), object);
    return new TextEncoder().encode(stringify(object, { lineWidth: 0 }));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { parse } = await import('yaml');
    if (!vscode.workspace.isTrusted) throw vscode.FileSystemError.NoPermissions(t('This workspace is not trusted.'));
    const place = await this.#locate(uri);
    const object = parse(new TextDecoder().decode(content), { version: '1.1' }) as KubeObject;
    const edits = editsBetween(this.#read.get(uri.toString()) ?? readable(await this.#get(uri)), object);
    if (edits === undefined) return;
    await save(place, edits);
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async #get(uri: vscode.Uri): Promise<KubeObject> {
    const { client, resource, ref } = await this.#locate(uri);
    try {
      return await client.resource(resource, ref.namespace).get(ref.name);
    } catch (error) {
      if (hasReason(error, 'NotFound')) throw vscode.FileSystemError.FileNotFound(uri);
      throw error;
    }
  }

  async #locate(uri: vscode.Uri) {
    const ref = liveRef(uri);
    const connection = this.#connection(ref.context);
    if (connection === undefined) throw vscode.FileSystemError.Unavailable(t('No kubeconfig has the context "{0}".', ref.context));
    const resource = await connection.discovery.find(ref.apiVersion, ref.kind);
    if (resource === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return { client: connection.client, resource, ref };
  }
}

interface Place {
  readonly client: Client;
  readonly resource: Resource;
  readonly ref: LiveRef;
}

/** Grows with each change that a person may have to look at: of the specification where the kind counts those, of anything otherwise. A status changes all the time. */
function age({ metadata }: KubeObject): number {
  return metadata?.generation ?? (Number(metadata?.resourceVersion) || 0);
}

async function save({ client, resource, ref }: Place, edits: unknown): Promise<void> {
  const { metadata = {}, ...rest } = edits as KubeObject;
  const { resourceVersion: _, ...meant } = metadata;
  await client.resource(resource, ref.namespace).patch(ref.name, { ...rest, metadata: meant }, { type: 'merge', fieldManager: editManager, fieldValidation: 'Strict' });
}
