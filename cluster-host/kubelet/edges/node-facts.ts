/** What only the machine itself knows. */
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';

/** Bytes of the file system that holds the path. */
export async function storageOf(path: string): Promise<number> {
  const { blocks, bsize } = await statfs(path);
  return blocks * bsize;
}

/** An id that stays the same for the node, shaped as a machine id. */
export function machineIdOf(node: string): string {
  return createHash('md5').update(node).digest('hex');
}
