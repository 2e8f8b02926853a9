/** Live objects as editable YAML documents: opening reads from the API, saving writes to it, and a conflict is told as one. */
import * as vscode from 'vscode';
import { hasReason } from '../../cluster-host/client/client.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { LiveFileSource } from './lazy-files.ts';
import { liveRef } from './live-uri.ts';
import { readable } from './readable.ts';

export class LiveFiles implements LiveFileSource, vscode.Disposable {
  readonly #connection: (context: string) => Connection | undefined;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly changes = this.#changes.event;

  constructor(connection: (context: string) => Connection | undefined) {
    this.#connection = connection;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const object = await this.#get(uri);
    const created = Date.parse(object.metadata?.creationTimestamp ?? '') || 0;
    // The resource version grows with each change, which is all that an editor wants to know of a time.
    return { type: vscode.FileType.File, ctime: created, mtime: created + (Number(object.metadata?.resourceVersion) || 0), size: 0 };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { stringify } = await import('yaml');
    return new TextEncoder().encode(stringify(readable(await this.#get(uri)), { lineWidth: 0 }));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { parse } = await import('yaml');
    if (!vscode.workspace.isTrusted) throw vscode.FileSystemError.NoPermissions(t('This workspace is not trusted.'));
    const { client, resource, ref } = await this.#locate(uri);
    const object = parse(new TextDecoder().decode(content), { version: '1.1' }) as KubeObject;
    try {
      await client.resource(resource, ref.namespace).update(object, { fieldManager: 'kubicle-edit', fieldValidation: 'Strict' });
    } catch (error) {
      if (hasReason(error, 'Conflict')) throw new Error(t('The object changed in the cluster meanwhile. Revert the file to see it as it is now.'), { cause: error });
      throw error;
    }
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
