import { expect, test } from 'vitest';
import { VirtualClock } from './clock.ts';

test('timers run at their moment, in order of time and then of asking', async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`late ${clock.now()}`));
  clock.after(10, () => seen.push(`first ${clock.now()}`));
  clock.after(10, () => seen.push(`second ${clock.now()}`));
  await clock.advance(15);
  expect(seen).toEqual(['first 10', 'second 10']);
  await clock.advance(5);
  expect(seen).toEqual(['first 10', 'second 10', 'late 20']);
});

test('what follows from a timer happens before time moves on', async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const loop = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) {
      await clock.sleep(10);
      seen.push(clock.now());
    }
  };
  void loop();
  await clock.advance(100);
  expect(seen).toEqual([10, 20, 30]);
});

test('a disposed timer never runs, and an aborted sleep ends at once', async () => {
  const clock = new VirtualClock(0);
  let ran = false;
  clock.after(5, () => (ran = true)).dispose();
  const controller = new AbortController();
  const sleep = clock.sleep(1000, controller.signal);
  controller.abort();
  await sleep;
  await clock.advance(50);
  expect(ran).toBe(false);
});
