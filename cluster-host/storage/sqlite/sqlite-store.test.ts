import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { storeSuite } from '../testing/store-suite.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

const nextPath = (): string => join(folder, `${++files}.db`);
const paths = new WeakMap<Store, string>();
async function open(path: string): Promise<Store> {
  const store = await openSqliteStore({ path });
  paths.set(store, path);
  return store;
}

storeSuite('sqlite store', {
  create: () => open(nextPath()),
  async reopen(store) {
    await store.close();
    return open(paths.get(store) ?? '');
  },
  propertyRuns: 20,
});

test('values, revisions and history are there after closing and opening again', async () => {
  const path = nextPath();
  const first = await open(path);
  await first.commit([{ type: 'put', key: 'a', value: Buffer.from('1') }]);
  await first.commit([{ type: 'put', key: 'a', value: Buffer.from('2') }, { type: 'put', key: 'b', value: Buffer.from('1') }]);
  await first.commit([{ type: 'delete', key: 'b' }]);
  await first.compact(1);
  await first.close();
  const second = await open(path);
  expect(await second.revision()).toBe(3);
  expect((await second.list('')).values.map(({ key, createRevision, modRevision }) => [key, createRevision, modRevision])).toEqual([['a', 1, 2]]);
  expect((await second.list('', { revision: 2 })).values).toHaveLength(2);
  await expect(second.list('', { revision: 0 })).rejects.toMatchObject({ code: 'Compacted' });
  await second.close();
});

test('what was acknowledged survives a kill', async () => {
  const path = nextPath();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'testing', 'writer.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged > 300) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const store = await open(path);
  expect(await store.revision()).toBeGreaterThanOrEqual(acknowledged);
  const keys = new Set((await store.list('')).values.map(({ key }) => key));
  for (let revision = 1; revision <= acknowledged; revision++) expect(keys.has(`key-${revision}`)).toBe(true);
  await store.close();
});

test('a file that is no database, or that another store has, is refused with a clear message', async () => {
  const path = nextPath();
  await writeFile(path, 'x'.repeat(5000));
  await expect(open(path)).rejects.toMatchObject({ code: 'Unavailable', message: expect.stringContaining(path) as string });
  const held = nextPath();
  const store = await open(held);
  await expect(open(held)).rejects.toMatchObject({ code: 'Unavailable', message: `another process has the storage file ${held}` });
  await store.close();
});
