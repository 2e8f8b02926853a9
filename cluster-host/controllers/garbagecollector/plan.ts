/** What becomes of one object, given its owners. Pure. */
import type { V1OwnerReference } from '../../api/generated/types.ts';
import { foregroundFinalizer, orphanFinalizer, type GraphNode } from './graph.ts';

export type OwnerState = 'solid' | 'absent' | 'waiting';

export type ObjectPlan =
  | { readonly action: 'nothing' }
  /** Leave these references out: other owners keep the object. */
  | { readonly action: 'disown'; readonly uids: readonly string[] }
  | { readonly action: 'delete'; readonly propagationPolicy: 'Foreground' | 'Background' | 'Orphan' };

/** `hasDependents`: whether anything depends on the object itself. `finalizers`: its own. */
export function planObject(owners: readonly { readonly reference: V1OwnerReference; readonly state: OwnerState }[], finalizers: readonly string[], hasDependents: boolean): ObjectPlan {
  if (owners.length === 0) return { action: 'nothing' };
  const gone = owners.filter(({ state }) => state !== 'solid');
  if (gone.length < owners.length) return gone.length === 0 ? { action: 'nothing' } : { action: 'disown', uids: gone.map(({ reference }) => reference.uid) };
  // An owner that waits for its dependents waits for theirs too.
  if (owners.some(({ state }) => state === 'waiting') && hasDependents) return { action: 'delete', propagationPolicy: 'Foreground' };
  if (finalizers.includes(orphanFinalizer)) return { action: 'delete', propagationPolicy: 'Orphan' };
  return { action: 'delete', propagationPolicy: finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background' };
}

/** Dependents that wait for one another in a circle would wait for ever: whoever is in one does not block its owner any more. */
export function isInCircle(node: GraphNode, dependents: readonly GraphNode[]): boolean {
  return dependents.some(({ foreground, uid }) => foreground && uid !== node.uid);
}
