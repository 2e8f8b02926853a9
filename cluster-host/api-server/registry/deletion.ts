/**
 * What a deletion does to an object that cannot go at once: graceful termination, finalizers, propagation
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
 */
import type { V1DeleteOptions } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { metadataOf, timestamp } from './metadata.ts';

/** What comes next. */
export type DeletionStep =
  /** Nothing holds the object. */
  | 'delete'
  /** The object was changed: it waits for finalizers or for its grace time. */
  | 'wait'
  /** The object was changed, and goes at once after the change was told. */
  | 'markThenDelete'
  /** It is on its way already, and this request does not hurry it. */
  | 'alreadyDeleting';

export interface DeletionRules {
  /** Seconds of grace for this object and request; undefined where the kind knows no grace. */
  readonly grace: number | undefined;
  readonly orphanByDefault: boolean;
  /** Something besides finalizers keeps the object. */
  readonly held: boolean;
}

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

/** Marks the object, a copy of the live one, and says how to go on. */
export function markForDeletion(object: KubeObject, options: V1DeleteOptions, { grace, orphanByDefault, held }: DeletionRules, now: number): DeletionStep {
  const metadata = metadataOf(object);
  const graceful = grace === undefined ? 'no' : applyGrace(object, options, grace, now);
  if (graceful === 'pending') return 'alreadyDeleting';
  const finalizers = finalizersFor(metadata.finalizers ?? [], options, orphanByDefault);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  if (graceful === 'no') {
    if (finalizers.length === 0 && !held) return 'delete';
    markNow(object, now);
    return 'wait';
  }
  return held || finalizers.length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0 ? 'wait' : 'markThenDelete';
}

function applyGrace(object: KubeObject, options: V1DeleteOptions, grace: number, now: number): 'no' | 'marked' | 'pending' {
  const metadata = metadataOf(object);
  if (metadata.deletionTimestamp !== undefined) {
    // A second deletion may only shorten the time that is left.
    const current = metadata.deletionGracePeriodSeconds ?? 0;
    if (current === 0) return 'no';
    if (options.gracePeriodSeconds === undefined || grace >= current) return 'pending';
    metadata.deletionTimestamp = timestamp(Date.parse(metadata.deletionTimestamp) - (current - grace) * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    return 'marked';
  }
  metadata.deletionTimestamp = timestamp(now + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  bumpGeneration(object);
  return 'marked';
}

function markNow(object: KubeObject, now: number): void {
  const metadata = metadataOf(object);
  if (metadata.deletionTimestamp === undefined) bumpGeneration(object);
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > now) metadata.deletionTimestamp = timestamp(now);
  metadata.deletionGracePeriodSeconds = 0;
}

function bumpGeneration(object: KubeObject): void {
  const metadata = metadataOf(object);
  if ((metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
}

function finalizersFor(finalizers: readonly string[], options: V1DeleteOptions, orphanByDefault: boolean): string[] {
  const others = finalizers.filter((name) => name !== orphanFinalizer && name !== foregroundFinalizer);
  const policy = policyOf(options);
  const orphan = policy === undefined ? finalizers.includes(orphanFinalizer) || (orphanByDefault && !finalizers.includes(foregroundFinalizer)) : policy === 'Orphan';
  const foreground = policy === undefined ? finalizers.includes(foregroundFinalizer) : policy === 'Foreground';
  return [...others, ...(orphan ? [orphanFinalizer] : []), ...(foreground ? [foregroundFinalizer] : [])];
}

function policyOf({ orphanDependents, propagationPolicy }: V1DeleteOptions): string | undefined {
  if (orphanDependents !== undefined) return orphanDependents ? 'Orphan' : 'Background';
  return propagationPolicy;
}

/** Whether an update took away the last thing that held an object that is being deleted. */
export function isReleased(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadataOf(object);
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}
