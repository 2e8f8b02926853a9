/** Tells what came of an apply, and offers what to do about it. */
import * as vscode from 'vscode';
import { conflictsOf, needsReplacement, type ApplyError } from '../apply/errors.ts';
import type { Ending } from '../apply/follow.ts';
import { nameOf, objectOf } from '../apply/manifest.ts';
import type { Applied } from '../apply/run.ts';
import { withoutFields } from '../apply/take-over.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import type { FollowedManifest } from './apply-follow.ts';
import type { OpenManifest } from './manifests.ts';
import { replaceObjects } from './replace.ts';

/** What the user wants to be applied next. */
export interface Again {
  readonly manifests: readonly OpenManifest[];
  readonly force: boolean;
}

interface Failure {
  readonly manifest: OpenManifest;
  readonly error: ApplyError;
}

export async function reportApplied(services: Services, connection: Connection, applied: readonly Applied<OpenManifest>[], endings: readonly Ending<FollowedManifest>[]): Promise<Again | undefined> {
  const failures = applied.flatMap(({ manifest, outcome }) => (outcome.result === 'failed' ? [{ manifest, error: outcome.error }] : []));
  for (const { manifest, error } of failures) await services.problems.add(manifest.document, manifest, error);
  if (failures.length > 0) return failed(services, connection, failures, applied.length);
  // Somebody deleted those that are gone, and knows it.
  const open = endings.filter(({ state }) => state !== 'ready' && state !== 'gone');
  await (open.length > 0 ? notReady(services, connection, open) : succeeded(services, applied, endings.some(({ state }) => state === 'ready')));
  return undefined;
}

async function succeeded(services: Services, applied: readonly Applied<OpenManifest>[], ready: boolean): Promise<void> {
  const single = applied.length === 1 ? applied[0] : undefined;
  const message = single === undefined ? t('Applied {0} objects: {1}', applied.length, countsOf(applied)) : `${nameOf(single.manifest)} ${single.outcome.result}`;
  const details = t('Show Details');
  const choice = await vscode.window.showInformationMessage(ready ? `${message}. ${t('Ready.')}` : message, details);
  if (choice === details) services.output.show();
}

/** As warnings at the objects, and as one message. */
async function notReady(services: Services, connection: Connection, open: readonly Ending<FollowedManifest>[]): Promise<void> {
  for (const { followed, why } of open) {
    const message = t('{0} is not ready: {1}', nameOf(followed.manifest), why);
    services.output.warn(message);
    await services.problems.add(followed.manifest.document, followed.manifest, { message, reason: '', causes: [] }, vscode.DiagnosticSeverity.Warning);
  }
  const first = open[0]!;
  const describe = t('Describe');
  const more = open.length === 1 ? '' : ` ${t('{0} more are not ready either.', open.length - 1)}`;
  const choice = await vscode.window.showWarningMessage(`${t('{0} is not ready: {1}', nameOf(first.followed.manifest), first.why)}${more}`, describe);
  const { resource, namespace, name } = first.followed;
  if (choice === describe) await vscode.commands.executeCommand('kubicle.describe', { type: 'object', id: '', context: connection.context, parent: undefined, resource, object: { metadata: { namespace, name } } });
}

async function failed(services: Services, connection: Connection, failures: readonly Failure[], total: number): Promise<Again | undefined> {
  const first = failures[0]!;
  const show = t('Show Problem');
  const takeOver = t('Take Over Fields…');
  const replace = t('Replace…');
  const conflicts = failures.filter(({ error }) => conflictsOf(error).length > 0);
  const stuck = failures.filter(({ error }) => needsReplacement(error)).map(({ manifest }) => manifest);
  const message = failures.length === 1 ? `${nameOf(first.manifest)}: ${sentenceOf(first.error)}` : t('{0} of {1} objects were refused. First: {2}', failures.length, total, sentenceOf(first.error));
  const choice = await vscode.window.showErrorMessage(message, show, ...(conflicts.length > 0 ? [takeOver] : []), ...(stuck.length > 0 ? [replace] : []));
  if (choice === takeOver) return takeOverFields(conflicts);
  if (choice === replace) return (await replaceObjects(connection, stuck)) ? { manifests: stuck, force: false } : undefined;
  if (choice === show) {
    const field = `${first.manifest.within ?? ''}${first.error.causes[0]?.field ?? 'kind'}`;
    const [range] = await services.language.positions(first.manifest.document, first.manifest.index, [field]);
    await vscode.window.showTextDocument(first.manifest.document, range === undefined ? {} : { selection: range });
  }
  return undefined;
}

/** A conflict in words; anything else as the server says it. */
function sentenceOf(error: ApplyError): string {
  const conflicts = conflictsOf(error);
  if (conflicts.length === 0) return error.message;
  const fields = conflicts.map(({ field, manager }) => `${field} (${manager})`).join(', ');
  return t('Others set these fields to something else: {0}. Take them over, or leave them out of the manifest.', fields);
}

/** The user says which fields; the others are left out of what is applied, and stay as they are. */
export async function takeOverFields(failures: readonly Failure[]): Promise<Again | undefined> {
  const items = failures.flatMap(({ manifest, error }) =>
    conflictsOf(error).map(({ field, manager }) => ({ label: field, description: nameOf(manifest), detail: t('set by {0}', manager), picked: true, field, manifest })),
  );
  const picked = await vscode.window.showQuickPick(items, { canPickMany: true, title: t('Which fields shall be as the manifest says? The others stay as they are.') });
  if (picked === undefined) return undefined;
  const manifests = failures.map(({ manifest }) => {
    const left = items.filter((item) => item.manifest === manifest && !picked.includes(item)).map(({ field }) => field);
    const object = left.length === 0 ? undefined : objectOf(manifest);
    return object === undefined ? manifest : { ...manifest, text: JSON.stringify(withoutFields(object, left)) };
  });
  return { manifests, force: true };
}

/** `2 created, 1 unchanged`. */
function countsOf(applied: readonly Applied<OpenManifest>[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of applied) counts.set(outcome.result, (counts.get(outcome.result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${count} ${result}`).join(', ');
}
