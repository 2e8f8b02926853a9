/** What applying a document would change: the live object beside the result of a server-side dry run. */
import type * as vscode from 'vscode';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { applyErrorOf, previewManifest } from '../apply/apply.ts';
import { t } from '../l10n.ts';
import { needConnection, type Command } from './command.ts';
import { manifestsOf, nameOf } from './manifests.ts';

export const diffDocument: Command = {
  id: documentCommands.diff,
  async run(services, where?: DocumentArgument | vscode.Uri) {
    const manifests = await manifestsOf(services, where);
    const connection = await needConnection(services);
    for (const manifest of manifests) {
      const preview = await previewManifest(connection, manifest).catch(async (error: unknown) => {
        const problem = applyErrorOf(error);
        await services.problems.add(manifest.document, manifest, problem);
        throw new Error(`${nameOf(manifest)}: ${problem.message}`, { cause: error });
      });
      const live = preview.live === undefined ? '' : await comparable(preview.live);
      await services.previews.diff(`/${manifest.kind}/${manifest.name}.yaml`, live, await comparable(preview.next), t('{0}: live ↔ after apply', nameOf(manifest)));
    }
  },
};

/** Without status and what the server keeps for itself: only what a person wrote or a default filled in. */
async function comparable(object: KubeObject): Promise<string> {
  const { stringify } = await import('yaml');
  const { managedFields: _fields, resourceVersion: _version, uid: _uid, generation: _generation, creationTimestamp: _created, ...metadata } = object.metadata ?? {};
  const { status: _status, ...rest } = object;
  return stringify({ ...rest, metadata }, { lineWidth: 0 });
}
