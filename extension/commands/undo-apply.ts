/** Takes back the last apply or delete of this window. */
import * as vscode from 'vscode';
import { inApplyOrder } from '../apply/order.ts';
import { undo, type Change } from '../apply/undo.ts';
import { t } from '../l10n.ts';
import { needConnection, needTrust, type Command } from './command.ts';

export const undoApply: Command = {
  id: 'kubicle.undoApply',
  async run(services) {
    needTrust();
    const { done } = services.lastApply;
    if (done === undefined) throw new Error(t('Nothing was applied in this window yet.'));
    const connection = await needConnection(services, done.context);
    const confirm = t('Undo');
    const detail = done.changes.map(({ label, result }) => `${label}: ${wayBack(result)}`).join('\n');
    if ((await vscode.window.showWarningMessage(t('Undo what was done to {0} objects of {1}?', done.changes.length, done.context), { modal: true, detail }, confirm)) !== confirm) return;
    await undoAll(services, connection, done.changes);
  },
};

async function undoAll(services: Parameters<Command['run']>[0], connection: Parameters<typeof undo>[0], changes: readonly Change[]): Promise<void> {
  // What was made last goes first; what was deleted comes back in the order in which it is needed.
  const gone = inApplyOrder(changes.filter(({ result }) => result === 'deleted'));
  const others = inApplyOrder(changes.filter(({ result }) => result !== 'deleted')).toReversed();
  const failures: string[] = [];
  for (const change of [...gone, ...others]) {
    const outcome = await undo(connection, change);
    if (outcome.result === 'failed') failures.push(`${change.label}: ${outcome.error.message}`);
    else services.output.info(`${change.label} ${wayBack(change.result)}`);
  }
  services.lastApply.forget();
  if (failures.length > 0) throw new Error(failures.join('\n'));
  void vscode.window.showInformationMessage(t('Undone: {0} objects are as they were.', changes.length));
}

function wayBack(result: Change['result']): string {
  return result === 'created' ? t('is deleted again') : result === 'deleted' ? t('is made again') : t('gets its earlier values back');
}
