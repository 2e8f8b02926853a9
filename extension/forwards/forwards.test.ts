import { expect, it } from 'vitest';
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
