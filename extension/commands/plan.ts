/** The plan of an apply: what it would do to each object, as differences to look at, with a way to go on. */
import * as vscode from 'vscode';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { nameOf } from '../apply/manifest.ts';
import { comingOf, planManifest, type Planned } from '../apply/plan.ts';
import { inApplyOrder } from '../apply/order.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import { wanted } from '../live/readable.ts';
import type { Services } from '../services.ts';
import { runApply } from './apply-run.ts';
import { takeOverFields } from './apply-report.ts';
import { inBackground, needConnection, type Command } from './command.ts';
import { manifestsOf, type OpenManifest } from './manifests.ts';

export interface Row {
  readonly manifest: OpenManifest;
  readonly planned: Planned;
}

export const diffDocument: Command = {
  id: documentCommands.diff,
  async run(services, where?: DocumentArgument | vscode.Uri) {
    const manifests = await manifestsOf(services, where);
    const connection = await needConnection(services);
    const rows = await planFor(connection, manifests);
    inBackground(services, diffDocument.id, () => showPlan(services, connection, manifests, rows));
    return rows.map(({ planned }) => planned.action);
  },
};

/** In the order in which they would be applied. */
export async function planFor(connection: Connection, manifests: readonly OpenManifest[]): Promise<readonly Row[]> {
  const coming = comingOf(manifests);
  return Promise.all(inApplyOrder(manifests).map(async (manifest) => ({ manifest, planned: await planManifest(connection, manifest, coming) })));
}

export async function showPlan(services: Services, connection: Connection, manifests: readonly OpenManifest[], rows: readonly Row[]): Promise<void> {
  for (const { document } of manifests) services.problems.clear(document.uri);
  for (const { manifest, planned } of rows) if (planned.error !== undefined) await services.problems.add(manifest.document, manifest, planned.error);
  await showDifferences(services, connection, rows);
  const takeOver = t('Take Over Fields…');
  const go = t('Apply');
  const conflicts = rows.flatMap(({ manifest, planned }) => (planned.conflicts.length > 0 && planned.error !== undefined ? [{ manifest, error: planned.error }] : []));
  const applicable = rows.some(({ planned }) => planned.action === 'create' || (planned.action === 'change' && planned.conflicts.length === 0));
  const choices = [...(applicable && vscode.workspace.isTrusted ? [go] : []), ...(conflicts.length > 0 ? [takeOver] : [])];
  const choice = await vscode.window.showInformationMessage(`${t('Plan for {0}:', connection.context)} ${summaryOf(rows)}`, ...choices);
  if (choice === go) await runApply(services, connection, manifests);
  const again = choice === takeOver ? await takeOverFields(conflicts) : undefined;
  if (again !== undefined) await runApply(services, connection, again.manifests, again.force);
}

/** One difference in an editor of its own, several below one another. What stays as it is has none to show. */
async function showDifferences({ previews }: Services, connection: Connection, rows: readonly Row[]): Promise<void> {
  const shown = await Promise.all(rows.filter(({ planned }) => planned.action !== 'refuse' && (planned.action !== 'unchanged' || rows.length === 1)).map(differenceOf));
  const [only] = shown;
  if (only === undefined) return;
  if (shown.length === 1) await previews.diff(only.path, only.before, only.after, only.title);
  else await previews.changes(t('Plan for {0}', connection.context), shown);
}

async function differenceOf({ manifest, planned }: Row) {
  const { live, next } = planned;
  // What the server fills in is no news of an object that is not there yet: it is shown as it was written.
  const after = planned.action === 'create' || next === undefined ? manifest.text : await comparable(next);
  return { path: `/${manifest.kind}/${manifest.name}.yaml`, before: live === undefined ? '' : await comparable(live), after, title: `${nameOf(manifest)}: ${wordOf(planned)}` };
}

async function comparable(object: KubeObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(wanted(object), { lineWidth: 0 });
}

/** `created`, `changed, restarts 3 pods`. */
function wordOf({ action, restarts, after, conflicts, error }: Planned): string {
  const words: Readonly<Record<Planned['action'], string>> = { create: t('created'), change: t('changed'), replace: t('must be replaced'), unchanged: t('unchanged'), delete: t('deleted'), refuse: t('refused: {0}', error?.message ?? '') };
  const parts = [words[action], restarts > 0 ? t('restarts {0} pods', restarts) : '', after === undefined ? '' : t('once {0} is there', after)];
  const others = [...new Set(conflicts.map(({ manager }) => manager))].join(', ');
  return [...parts, others === '' ? '' : t('in conflict with {0}', others)].filter((part) => part !== '').join(', ');
}

/** Each object where there are few, counts otherwise. */
export function summaryOf(rows: readonly Row[]): string {
  const few = rows.filter(({ planned }) => planned.action !== 'unchanged');
  if (few.length === 0) return t('nothing changes.');
  if (few.length <= 3) return `${few.map(({ manifest, planned }) => `${nameOf(manifest)} ${wordOf(planned)}`).join('; ')}.`;
  const counts = new Map<string, number>();
  for (const { planned } of rows) {
    const word = planned.action === 'refuse' ? t('refused') : wordOf({ ...planned, restarts: 0, conflicts: [] });
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const restarts = rows.reduce((sum, { planned }) => sum + planned.restarts, 0);
  return `${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}${restarts === 0 ? '' : `; ${t('restarts {0} pods', restarts)}`}.`;
}
