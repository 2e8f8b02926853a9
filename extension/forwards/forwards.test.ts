import { createServer, type AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { Connection } from '../clusters/connection.ts';
import { Forwards, type ForwardMemory, type ForwardWish } from './forwards.ts';

const connection = { context: 'here', state: { phase: 'connected', version: '' }, endpoint: {} } as unknown as Connection;
const ref = { kind: 'Service', namespace: 'default', name: 'web', port: 80 };

function memory(): ForwardMemory & { wishes: readonly ForwardWish[] } {
  return {
    wishes: [],
    get() {
      return this.wishes;
    },
    set(wishes) {
      this.wishes = wishes;
    },
  };
}

it('is remembered until it is stopped, and starts again at its port in the next window', async () => {
  const kept = memory();
  const before = new Forwards(() => connection, kept);
  await before.restore(connection);
  const { localPort } = await before.start(connection, ref, 0);
  before.dispose();
  const after = new Forwards(() => connection, kept);
  await after.restore(connection);
  expect(after.entries).toMatchObject([{ ...ref, context: 'here', localPort }]);
  after.stop(after.entries[0]!.id);
  expect(kept.wishes).toEqual([]);
  after.dispose();
});

it('waits for a cluster that is away, and keeps what is remembered of it', async () => {
  const kept = memory();
  kept.wishes = [{ ...ref, context: 'there', localPort: 1 }];
  const forwards = new Forwards(() => connection, kept);
  await forwards.restore({ context: 'there', state: { phase: 'connecting' } } as unknown as Connection);
  expect(forwards.entries).toEqual([]);
  await forwards.restore(connection);
  const { id } = await forwards.start(connection, ref, 0);
  forwards.stop(id);
  expect(kept.wishes).toHaveLength(1);
  forwards.dispose();
});

it('starts what the settings declare, and does not remember it besides', async () => {
  const kept = memory();
  const forwards = new Forwards(() => connection, kept, () => [{ ...ref, localPort: 0 }, { ...ref, name: 'other', context: 'there', localPort: 0 }]);
  await forwards.restore(connection);
  expect(forwards.entries).toMatchObject([{ name: 'web', context: 'here', listening: true }]);
  await forwards.start(connection, { ...ref, name: 'mine' }, 0);
  expect(kept.wishes.map(({ name }) => name)).toEqual(['mine']);
  forwards.dispose();
});

it('waits for a local port that another program has, and says so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const other = createServer();
  const port = await new Promise<number>((resolve) => other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port)));
  const forwards = new Forwards(() => connection, memory(), () => [{ ...ref, localPort: port }]);
  await forwards.restore(connection);
  expect(forwards.entries).toMatchObject([{ listening: false, problem: `Port ${port} of this machine is taken by another program; tried again.` }]);
  await new Promise((resolve) => other.close(resolve));
  const listening = new Promise<void>((resolve) => forwards.changed.on(() => forwards.entries[0]?.listening === true && resolve()));
  vi.runOnlyPendingTimers();
  await listening;
  expect(forwards.entries).toMatchObject([{ listening: true, localPort: port, problem: undefined }]);
  forwards.dispose();
  vi.useRealTimers();
});
