/** Revisions of a pod template, kept as ControllerRevisions: the history that `kubectl rollout` reads for daemon and stateful sets. */
import type { V1ControllerRevision, V1PodTemplateSpec } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';
import { canonicalJson } from '../../api/values.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerContext } from '../../client/controller.ts';
import { controllerRevisions } from '../../client/resources.ts';
import { equal } from './equal.ts';
import { controllerReference, isControlledBy, ownerIndex } from './owners.ts';
import { contentHash } from './template-hash.ts';

export interface Revisions {
  /** Of today's template. */
  readonly update: V1ControllerRevision;
  /** All, oldest first. */
  readonly all: readonly V1ControllerRevision[];
}

/** Finds or makes the revision of the owner's template; one from the past becomes the newest again. */
export async function syncRevisions(context: ControllerContext, resource: Resource, owner: KubeObject, labels: (hash: string) => Record<string, string>): Promise<Revisions> {
  const client = context.client.resource(controllerRevisions, owner.metadata?.namespace);
  const known = context.informers.informer(controllerRevisions).lister.byIndex(ownerIndex, owner.metadata?.uid ?? '').toSorted((a, b) => a.revision - b.revision);
  // Written with its fields in order: clients compare it byte by byte with what they make of the template themselves.
  const data = JSON.parse(canonicalJson({ spec: { template: { ...(owner['spec'].template as V1PodTemplateSpec), $patch: 'replace' } } })) as object;
  const highest = known.at(-1)?.revision ?? 0;
  const same = known.findLast((revision) => equal(revision.data, data));
  if (same !== undefined) {
    const update = same.revision === highest ? same : await client.update({ ...same, revision: highest + 1 });
    return { update, all: [...known.filter((revision) => revision !== same), update] };
  }
  const hash = contentHash(data, owner['status']?.collisionCount);
  const fresh: V1ControllerRevision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: `${owner.metadata?.name}-${hash}`, namespace: owner.metadata?.namespace, labels: labels(hash), ownerReferences: [controllerReference(resource, owner)] },
    data,
    revision: highest + 1,
  };
  try {
    const update = await client.create(fresh);
    return { update, all: [...known, update] };
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    const there = await client.get(fresh.metadata?.name ?? '');
    if (!isControlledBy(there, owner) || !equal(there.data, data)) throw error;
    return { update: there, all: [...known, there] };
  }
}

/** The template that a revision holds. */
export function templateOf(revision: V1ControllerRevision): V1PodTemplateSpec {
  const { $patch: _replace, ...template } = (revision.data as { spec: { template: V1PodTemplateSpec & { $patch?: string } } }).spec.template;
  return template;
}

/** Deletes the oldest revisions beyond the limit that no pod and no status needs. */
export async function trimHistory(context: ControllerContext, owner: KubeObject, all: readonly V1ControllerRevision[], isLive: (revision: V1ControllerRevision) => boolean): Promise<void> {
  const limit = owner['spec'].revisionHistoryLimit ?? 10;
  const dead = all.filter((revision) => !isLive(revision));
  for (const { metadata } of dead.slice(0, Math.max(0, dead.length - limit))) {
    await context.client.resource(controllerRevisions, metadata?.namespace).delete(metadata?.name ?? '').catch((error: unknown) => {
      if (!hasReason(error, 'NotFound')) throw error;
    });
  }
}
