/** What applying a document would change: the live object beside the result of a server-side dry run. */
import type * as vscode from 'vscode';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { applyErrorOf, previewManifest } from '../apply/apply.ts';
import { t } from '../l10n.ts';
import { wanted } from '../live/readable.ts';
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

async function comparable(object: KubeObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(wanted(object), { lineWidth: 0 });
}
