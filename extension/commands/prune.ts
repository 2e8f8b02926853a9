/** Deletes what was applied from a file or folder and is not in it any more. */
import * as vscode from 'vscode';
import { nameOf } from '../apply/manifest.ts';
import { t } from '../l10n.ts';
import { needConnection, needTrust, type Command } from './command.ts';
import { confirmDeletion, runDeletion, thoseThere } from './delete.ts';
import { manifestsAt } from './manifests.ts';

export const prune: Command = {
  id: 'kubicle.prune',
  async run(services, uri?: vscode.Uri) {
    needTrust();
    const place = uri ?? vscode.window.activeTextEditor?.document.uri;
    if (place === undefined) throw new Error(t('Open a manifest first.'));
    const connection = await needConnection(services);
    const recorded = services.sources.stale(connection.context, place.toString(), connection.namespace, await manifestsAt(services, place));
    const stale = await thoseThere(connection, recorded.map((object) => ({ ...object, index: 0, text: '' })));
    if (stale.length === 0) {
      void vscode.window.showInformationMessage(t('Nothing is left over: all that was applied from there is still in it.'));
      return;
    }
    if (!(await confirmDeletion(stale.map(nameOf), connection.context))) return;
    await runDeletion(services, connection, stale);
    services.sources.forget(connection.context, recorded);
  },
};
