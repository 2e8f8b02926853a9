/** Owners of an object that are named twice are named once, with a warning. */
import type { V1OwnerReference } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { equal } from '../../api/values.ts';

/** `when` is empty, or says after what they were found. */
export function dedupeOwnerReferences({ metadata }: KubeObject, when: '' | 'after mutating admission happens', warn: (text: string) => void): void {
  const references = metadata?.ownerReferences;
  if (metadata === undefined || references === undefined || references.length < 2) return;
  const distinct: V1OwnerReference[] = [];
  const doubled: string[] = [];
  for (const reference of references) {
    if (distinct.some((one) => equal(one, reference))) doubled.push(reference.uid ?? '');
    else distinct.push(reference);
  }
  if (doubled.length === 0) return;
  metadata.ownerReferences = distinct;
  const what = `.metadata.ownerReferences contains duplicate entries${when === '' ? '' : ` ${when}`}`;
  warn(`${what}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${doubled.join(', ')}`);
}
