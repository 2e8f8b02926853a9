/** Apply manifests and tell each document's outcome. */
import * as vscode from 'vscode';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { applyManifest, inApplyOrder, type ApplyError, type Outcome } from '../apply/apply.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import { needConnection, needTrust, type Command } from './command.ts';
import { manifestsOf, nameOf, type OpenManifest } from './manifests.ts';

export const apply: Command = {
  id: 'kubicle.apply',
  run: (services, uri?: vscode.Uri) => applyAt(services, uri),
};

export const applyDocument: Command = {
  id: documentCommands.apply,
  run: (services, where?: DocumentArgument) => applyAt(services, where),
};

interface Applied {
  readonly manifest: OpenManifest;
  readonly outcome: Outcome;
}

async function applyAt(services: Services, where: DocumentArgument | vscode.Uri | undefined): Promise<readonly Outcome['result'][]> {
  needTrust();
  const manifests = await manifestsOf(services, where);
  const connection = await needConnection(services);
  for (const { document } of manifests) services.problems.clear(document.uri);
  const title = t('Applying to {0}', connection.context);
  const applied = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => applyAll(services, connection, inApplyOrder(manifests), false));
  await report(services, connection, applied);
  return applied.map(({ outcome }) => outcome.result);
}

/** One after the other: a later document may need an earlier one. */
async function applyAll(services: Services, connection: Connection, manifests: readonly OpenManifest[], force: boolean): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const manifest of manifests) {
    const outcome = await applyManifest(connection, manifest, force);
    applied.push({ manifest, outcome });
    if (outcome.result === 'failed') services.output.error(`${nameOf(manifest)}: ${outcome.error.message}`);
    else services.output.info(`${nameOf(manifest)} ${outcome.result}`);
    if (outcome.result !== 'failed') for (const warning of outcome.warnings) services.output.warn(`${nameOf(manifest)}: ${warning}`);
  }
  return applied;
}

async function report(services: Services, connection: Connection, applied: readonly Applied[]): Promise<void> {
  const failures = applied.flatMap(({ manifest, outcome }) => (outcome.result === 'failed' ? [{ manifest, error: outcome.error }] : []));
  if (failures.length === 0) {
    void succeeded(services, applied);
    return;
  }
  for (const { manifest, error } of failures) await services.problems.add(manifest.document, manifest, error);
  void failed(services, connection, failures, applied.length);
}

async function succeeded(services: Services, applied: readonly Applied[]): Promise<void> {
  const single = applied.length === 1 ? applied[0] : undefined;
  const message = single === undefined ? t('Applied {0} objects: {1}', applied.length, countsOf(applied)) : `${nameOf(single.manifest)} ${single.outcome.result}`;
  const details = t('Show Details');
  if ((await vscode.window.showInformationMessage(message, details)) === details) services.output.show();
}

async function failed(services: Services, connection: Connection, failures: readonly { readonly manifest: OpenManifest; readonly error: ApplyError }[], total: number): Promise<void> {
  const first = failures[0]!;
  const message = failures.length === 1 ? `${nameOf(first.manifest)}: ${first.error.message}` : t('{0} of {1} objects were refused. First: {2}', failures.length, total, first.error.message);
  const show = t('Show Problem');
  const takeOver = t('Take Over Fields');
  const conflicts = failures.filter(({ error }) => error.reason === 'Conflict').map(({ manifest }) => manifest);
  const choice = await vscode.window.showErrorMessage(message, show, ...(conflicts.length > 0 ? [takeOver] : []));
  if (choice === show) {
    const [range] = await services.language.positions(first.manifest.document, first.manifest.index, [first.error.causes[0]?.field ?? 'kind']);
    await vscode.window.showTextDocument(first.manifest.document, range === undefined ? {} : { selection: range });
  } else if (choice === takeOver) {
    for (const { document } of conflicts) services.problems.clear(document.uri);
    await report(services, connection, await applyAll(services, connection, conflicts, true));
  }
}

/** `2 created, 1 unchanged`. */
function countsOf(applied: readonly Applied[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of applied) counts.set(outcome.result, (counts.get(outcome.result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${count} ${result}`).join(', ');
}
