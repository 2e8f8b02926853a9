/** Apply manifests: one document, what is selected, a file, or a folder. */
import * as vscode from 'vscode';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import type { Outcome } from '../apply/requests.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings/settings.ts';
import { runApply } from './apply-run.ts';
import { inBackground, needConnection, needTrust, type Command } from './command.ts';
import { manifestsOf } from './manifests.ts';
import { planFor, showPlan } from './plan.ts';

export const apply: Command = {
  id: 'kubicle.apply',
  run: (services, uri?: vscode.Uri) => applyAt(services, uri),
};

export const applyDocument: Command = {
  id: documentCommands.apply,
  run: (services, where?: DocumentArgument) => applyAt(services, where),
};

export const applySelection: Command = {
  id: 'kubicle.applySelection',
  run: (services) => applyAt(services, vscode.window.activeTextEditor?.selection),
};

async function applyAt(services: Services, where: DocumentArgument | vscode.Selection | vscode.Uri | undefined): Promise<readonly Outcome['result'][] | undefined> {
  needTrust();
  const manifests = await manifestsOf(services, where);
  const connection = await needConnection(services);
  if (readSettings().apply.planFirst) {
    const rows = await planFor(connection, manifests);
    inBackground(services, apply.id, () => showPlan(services, connection, manifests, rows));
    return undefined;
  }
  return (await runApply(services, connection, manifests)).map(({ outcome }) => outcome.result);
}
