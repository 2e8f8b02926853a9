/**
 * Recorded answers and documents of the real Kubernetes, which lie beside the project where they are present at all.
 * Tests compare with them and are skipped, saying so, where they are absent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..', '..');

/** The file's path, or undefined where it is absent. */
export function oraclePath(path: string): string | undefined {
  return [join(root, '..', 'shared', path), join(root, '..', '..', 'shared', path)].find((candidate) => existsSync(candidate));
}

/** Text of a file that is present; a `.gz` is unpacked. */
export function readOracle(path: string): string {
  const file = oraclePath(path);
  if (file === undefined) throw new Error(`${path} is absent: ask oraclePath first`);
  const content = readFileSync(file);
  return (path.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
}
