/** Short names out of content: `pod-template-hash`, `controller-revision-hash`, the names of a cron job's jobs. */

import { canonicalJson } from '../../api/values.ts';

/** Kubernetes' alphabet for generated names: no vowels, nothing that looks like something else. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash of any JSON value, the same for the same content whatever the order of fields; `salt` sets collisions apart. */
export function contentHash(value: unknown, salt?: number): string {
  let hash = 0x811c9dc5;
  const text = `${canonicalJson(value)}${salt ?? ''}`;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return Array.from(String(hash), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}
