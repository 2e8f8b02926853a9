/** The cluster's store on disk. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../storage/sqlite/sqlite-store.ts';
import type { Store } from '../storage/store.ts';

/** In a bundle the store's thread is a file beside it; among the sources it lies with its driver. */
const worker = import.meta.filename.endsWith('.ts') ? '../storage/sqlite/worker.ts' : 'sqlite-worker.cjs';

export async function openStore(path: string): Promise<Store> {
  // SQLite would make the file readable for all; its companions take after it.
  await (await open(path, 'a', 0o600)).close();
  return openSqliteStore({ path, worker: join(import.meta.dirname, worker) });
}
