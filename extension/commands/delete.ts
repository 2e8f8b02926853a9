/** Delete objects or what a manifest names, after a question. */
import * as vscode from 'vscode';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { deleteManifest, inApplyOrder } from '../apply/apply.ts';
import { t } from '../l10n.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needConnection, needTrust, type Command } from './command.ts';
import { manifestsOf, nameOf } from './manifests.ts';
import { clickedOrPicked } from './target.ts';

async function confirmed(names: readonly string[], context: string): Promise<boolean> {
  const confirm = t('Delete');
  const question = names.length === 1 ? t('Delete {0} from {1}?', names[0] ?? '', context) : t('Delete {0} objects from {1}?', names.length, context);
  const detail = names.length === 1 ? undefined : names.slice(0, 20).join('\n');
  return (await vscode.window.showWarningMessage(question, { modal: true, ...(detail === undefined ? {} : { detail }) }, confirm)) === confirm;
}

export const deleteObject: Command = {
  id: 'kubicle.delete',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    needTrust();
    const refs = await clickedOrPicked(services, ['Pod', 'Deployment', 'Service'], node, selection);
    const connection = await needConnection(services);
    if (!(await confirmed(refs.map(({ kind, name }) => `${kind} ${name}`), connection.context))) return;
    await Promise.all(refs.map(({ resource, namespace, name }) => connection.client.resource(resource, namespace).delete(name, { propagationPolicy: 'Background' })));
  },
};

export const deleteDocument: Command = {
  id: documentCommands.delete,
  async run(services, where?: DocumentArgument | vscode.Uri) {
    needTrust();
    const manifests = inApplyOrder(await manifestsOf(services, where)).toReversed();
    const connection = await needConnection(services);
    if (!(await confirmed(manifests.map(nameOf), connection.context))) return;
    for (const manifest of manifests) {
      const outcome = await deleteManifest(connection, manifest);
      if (outcome.result === 'failed') throw new Error(`${nameOf(manifest)}: ${outcome.error.message}`);
      services.output.info(`${nameOf(manifest)} ${outcome.result}`);
    }
  },
};
