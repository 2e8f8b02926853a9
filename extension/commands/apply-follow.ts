/** Follows what was applied until it is ready. */
import { followUntilReady, type Ending, type Followed } from '../apply/follow.ts';
import { nameOf } from '../apply/manifest.ts';
import type { Applied } from '../apply/run.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import { readSettings } from '../settings/settings.ts';
import type { OpenManifest } from './manifests.ts';

export interface FollowedManifest extends Followed {
  readonly manifest: OpenManifest;
}

/** Nothing is waited for where something was refused, or where the settings say so. */
export async function followApplied(connection: Connection, applied: readonly Applied<OpenManifest>[], signal: AbortSignal, say: (message: string) => void): Promise<readonly Ending<FollowedManifest>[]> {
  const limit = readSettings().apply.waitSeconds * 1000;
  if (limit === 0 || applied.some(({ outcome }) => outcome.result === 'failed')) return [];
  const followed = (await Promise.all(applied.map((one) => followedOf(connection, one)))).filter((one) => one !== undefined);
  return followUntilReady(connection, followed, {
    signal,
    limit,
    waiting(objects) {
      const [first] = objects;
      if (first === undefined) return;
      const name = nameOf({ kind: first.followed.resource.kind, name: first.followed.name });
      const more = objects.length === 1 ? '' : ` (${t('and {0} more', objects.length - 1)})`;
      say(`${[name, first.says].filter((part) => part !== '').join(': ')}${more}`);
    },
  });
}

async function followedOf(connection: Connection, { manifest, outcome }: Applied<OpenManifest>): Promise<FollowedManifest | undefined> {
  const resource = outcome.result === 'failed' ? undefined : await connection.discovery.find(manifest.apiVersion, manifest.kind);
  if (resource === undefined || outcome.result === 'failed') return undefined;
  const { name = manifest.name, namespace = '' } = outcome.after?.metadata ?? {};
  return { manifest, resource, namespace, name };
}
