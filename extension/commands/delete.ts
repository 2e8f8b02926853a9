/** Delete objects or what a manifest names, after a question that says what goes. */
import * as vscode from 'vscode';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { nameOf, type Manifest } from '../apply/manifest.ts';
import { planDeletion } from '../apply/plan.ts';
import { deleteAll } from '../apply/run.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needConnection, needTrust, type Command } from './command.ts';
import { manifestsOf } from './manifests.ts';
import { clickedOrPicked } from './target.ts';

export async function confirmDeletion(names: readonly string[], context: string): Promise<boolean> {
  const confirm = t('Delete');
  const question = names.length === 1 ? t('Delete {0} from {1}?', names[0] ?? '', context) : t('Delete {0} objects from {1}?', names.length, context);
  const detail = names.length === 1 ? undefined : [...names.slice(0, 20), ...(names.length > 20 ? ['…'] : [])].join('\n');
  return (await vscode.window.showWarningMessage(question, { modal: true, ...(detail === undefined ? {} : { detail }) }, confirm)) === confirm;
}

export const deleteObject: Command = {
  id: 'kubicle.delete',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    needTrust();
    const refs = await clickedOrPicked(services, ['Pod', 'Deployment', 'Service'], node, selection);
    const contexts = [...new Set(refs.map(({ connection }) => connection.context))].join(', ');
    if (!(await confirmDeletion(refs.map(({ kind, name }) => `${kind} ${name}`), contexts))) return;
    await Promise.all(refs.map(({ connection, resource, namespace, name }) => connection.client.resource(resource, namespace).delete(name, { propagationPolicy: 'Background' })));
  },
};

export const deleteDocument: Command = {
  id: documentCommands.delete,
  async run(services, where?: DocumentArgument | vscode.Uri) {
    needTrust();
    const manifests = await manifestsOf(services, where);
    const connection = await needConnection(services);
    const there = await thoseThere(connection, manifests);
    if (there.length === 0) throw new Error(t('Nothing of it is in {0}.', connection.context));
    if (await confirmDeletion(there.map(nameOf), connection.context)) await runDeletion(services, connection, there);
  },
};

/** The manifests whose objects the cluster has. */
export async function thoseThere<T extends Manifest>(connection: Connection, manifests: readonly T[]): Promise<readonly T[]> {
  const planned = await Promise.all(manifests.map(async (manifest) => ({ manifest, plan: await planDeletion(connection, manifest) })));
  return planned.filter(({ plan }) => plan.action === 'delete').map(({ manifest }) => manifest);
}

/** With progress; can be undone. Rejects with what was refused. */
export async function runDeletion(services: Services, connection: Connection, manifests: readonly Manifest[]): Promise<void> {
  const title = t('Deleting from {0}', connection.context);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const deleted = await deleteAll(connection, manifests, ({ manifest, outcome }) => {
      services.output.info(`${nameOf(manifest)} ${outcome.result}`);
      progress.report({ message: nameOf(manifest), increment: 100 / manifests.length });
    }, abort.signal);
    services.lastApply.record(connection.context, deleted);
    const failures = deleted.flatMap(({ manifest, outcome }) => (outcome.result === 'failed' ? [`${nameOf(manifest)}: ${outcome.error.message}`] : []));
    if (failures.length > 0) throw new Error(failures.join('\n'));
  });
}
