/** What discovery says of the form in which a kind is stored. */
import { createHash } from 'node:crypto';

/** Opaque to clients: equal as long as the stored form is (KEP-1153). `stored`: `group/version/kind`. */
export function storageVersionHash(stored: string): string {
  return createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64');
}
