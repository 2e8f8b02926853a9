/** Makes room for objects whose changes cannot be made in live ones. */
import * as vscode from 'vscode';
import { nameOf } from '../apply/manifest.ts';
import { deleteManifest } from '../apply/requests.ts';
import type { Connection } from '../clusters/connection.ts';
import { until } from '../clusters/until.ts';
import { t } from '../l10n.ts';
import type { OpenManifest } from './manifests.ts';

/** Objects with finalizers take their time to go. */
const deletionLimit = 60_000;

/** Asks, and deletes; whether they are gone and can be applied again. */
export async function replaceObjects(connection: Connection, manifests: readonly OpenManifest[]): Promise<boolean> {
  const confirm = t('Replace');
  const detail = t('Each is deleted, with the pods that it owns, and made anew.');
  const question = manifests.length === 1 ? t('Replace {0} in {1}?', nameOf(manifests[0]!), connection.context) : t('Replace {0} objects in {1}?', manifests.length, connection.context);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return false;
  for (const manifest of manifests) {
    const outcome = await deleteManifest(connection, manifest);
    if (outcome.result === 'failed') throw new Error(`${nameOf(manifest)}: ${outcome.error.message}`);
    await gone(connection, manifest);
  }
  return true;
}

async function gone(connection: Connection, manifest: OpenManifest): Promise<void> {
  const resource = await connection.discovery.find(manifest.apiVersion, manifest.kind);
  if (resource === undefined) return;
  await connection.synced(resource);
  const namespace = resource.namespaced ? (manifest.namespace ?? connection.namespace) : '';
  const isGone = await until(connection, () => connection.lister(resource)?.get(namespace, manifest.name) === undefined, { limit: deletionLimit });
  if (!isGone) throw new Error(t('{0} is still being deleted.', nameOf(manifest)));
}
