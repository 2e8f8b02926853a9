/** The cluster's store on disk. */
import { openSqliteStore } from '../storage/sqlite/sqlite-store.ts';
import type { Store } from '../storage/store.ts';

/** In a bundle the store's thread is a file beside it; among the sources it lies with its driver. */
const worker = import.meta.url.endsWith('.ts') ? '../storage/sqlite/worker.ts' : './sqlite-worker.js';

export function openStore(path: string): Promise<Store> {
  return openSqliteStore({ path, workerUrl: new URL(worker, import.meta.url) });
}
