/** Takes back what an apply or a delete did: objects as they were, as far as it changed them. No `vscode` here. */
import { union } from '../../cluster-host/api/apply/field-set.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { collectionPath, objectPath } from '../../cluster-host/client/resource-paths.ts';
import { wanted } from '../live/readable.ts';
import { applyErrorOf } from './errors.ts';
import { ownedBy, pick } from './owned.ts';
import { fieldManager, type Outcome, type Success, type Target } from './requests.ts';

/** One object that was changed. */
export interface Change {
  readonly apiVersion: string;
  readonly kind: string;
  /** As kubectl prints it. */
  readonly label: string;
  readonly result: Success['result'];
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** Never rejects. */
export async function undo(target: Target, change: Change): Promise<Outcome> {
  try {
    const { before, after } = change;
    if (before === undefined) return await remove(target, change, after);
    if (change.result === 'deleted') return await restore(target, change, before);
    if (change.result === 'replaced') {
      await remove(target, change, after);
      return await restore(target, change, before);
    }
    return await giveBack(target, change, before, after);
  } catch (error) {
    return { result: 'failed', error: applyErrorOf(error) };
  }
}

async function remove(target: Target, change: Change, after: KubeObject | undefined): Promise<Outcome> {
  const { name = '', namespace, uid } = after?.metadata ?? {};
  const path = objectPath(await resourceOf(target, change), namespace, name);
  // Not one that somebody made anew meanwhile.
  await target.client.request({ method: 'DELETE', path, body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', ...(uid === undefined ? {} : { preconditions: { uid } }) } });
  return { result: 'deleted', warnings: [], before: after, after: undefined };
}

async function restore(target: Target, change: Change, before: KubeObject): Promise<Outcome> {
  const path = collectionPath(await resourceOf(target, change), before.metadata?.namespace);
  const { body } = await target.client.request({ method: 'POST', path, query: { fieldManager }, body: wanted(before) });
  return { result: 'created', warnings: [], before: undefined, after: body as KubeObject };
}

/** States every field that this manager stated before or since as it was before; those that were not there are given up, and go. */
async function giveBack(target: Target, change: Change, before: KubeObject, after: KubeObject | undefined): Promise<Outcome> {
  const { name = '', namespace } = before.metadata ?? {};
  const path = objectPath(await resourceOf(target, change), namespace, name);
  const stated = pick(before, union(ownedBy(fieldManager, before), ownedBy(fieldManager, after))) as KubeObject;
  const { body } = await target.client.request({
    method: 'PATCH',
    path,
    query: { fieldManager, force: 'true' },
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: Buffer.from(JSON.stringify({ ...stated, apiVersion: change.apiVersion, kind: change.kind, metadata: { ...stated.metadata, name, ...(namespace === undefined ? {} : { namespace }) } })),
  });
  return { result: 'configured', warnings: [], before: after, after: body as KubeObject };
}

async function resourceOf({ discovery }: Target, { apiVersion, kind }: Change) {
  const resource = await discovery.find(apiVersion, kind);
  if (resource === undefined) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
  return resource;
}
