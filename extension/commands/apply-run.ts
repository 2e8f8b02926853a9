/** Runs an apply with its progress, and goes on as the user chooses. */
import * as vscode from 'vscode';
import { nameOf } from '../apply/manifest.ts';
import { applyAll, type Applied } from '../apply/run.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import { followApplied } from './apply-follow.ts';
import { reportApplied } from './apply-report.ts';
import { inBackground } from './command.ts';
import type { OpenManifest } from './manifests.ts';

/** Applies, and tells what came of it. Resolves when the server has answered for each object; whether they become ready is told later. */
export function runApply(services: Services, connection: Connection, manifests: readonly OpenManifest[], force = false): Promise<readonly Applied<OpenManifest>[]> {
  for (const { document } of manifests) services.problems.clear(document.uri);
  const title = t('Applying to {0}', connection.context);
  const answered = Promise.withResolvers<readonly Applied<OpenManifest>[]>();
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      const applied = await applyAll(connection, manifests, force, (one) => progress.report({ message: told(services, one) }), abort.signal);
      services.lastApply.record(connection.context, applied);
      const taken = applied.filter(({ manifest, outcome }) => outcome.result !== 'failed' && manifest.generateName === undefined);
      services.sources.record(connection.context, connection.namespace, taken.map(({ manifest }) => ({ file: manifest.document.uri.toString(), manifest })));
      answered.resolve(applied);
      const endings = await followApplied(connection, applied, abort.signal, (message) => progress.report({ message }));
      inBackground(services, title, async () => {
        const again = await reportApplied(services, connection, applied, endings);
        if (again !== undefined) await runApply(services, connection, again.manifests, again.force);
      });
    } catch (error) {
      // Where it was answered already, this is about what came after.
      answered.reject(error);
      services.output.error(`${title}: ${String(error)}`);
    }
  });
  return answered.promise;
}

function told({ output }: Services, { manifest, outcome }: Applied<OpenManifest>): string {
  const message = `${nameOf(manifest)} ${outcome.result}`;
  if (outcome.result === 'failed') output.error(`${nameOf(manifest)}: ${outcome.error.message}`);
  else output.info(message);
  if (outcome.result !== 'failed') for (const warning of outcome.warnings) output.warn(`${nameOf(manifest)}: ${warning}`);
  return message;
}
