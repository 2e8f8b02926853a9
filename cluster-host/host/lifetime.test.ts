import { expect, test } from 'vitest';
import { VirtualClock } from '../platform/simulated/clock.ts';
import { Lifetime } from './lifetime.ts';

function lifetime(keep: boolean) {
  const clock = new VirtualClock();
  const ends: number[] = [];
  const life = new Lifetime({ clock, keep, firstGrace: 3000, grace: 1000, end: () => ends.push(clock.monotonic()) });
  return { clock, ends, life };
}

test('ends when the grace time after the last window is over', async () => {
  const { clock, ends, life } = lifetime(false);
  life.setWindows(1);
  await clock.advance(5000);
  life.setWindows(0);
  await clock.advance(999);
  expect(ends).toEqual([]);
  await clock.advance(1);
  expect(ends).toEqual([6000]);
});

test('a window that comes back in time keeps it', async () => {
  const { clock, ends, life } = lifetime(false);
  life.setWindows(1);
  life.setWindows(0);
  await clock.advance(500);
  life.setWindows(1);
  await clock.advance(10_000);
  expect(ends).toEqual([]);
});

test('ends when the window it was started for never comes', async () => {
  const { clock, ends } = lifetime(false);
  await clock.advance(2999);
  expect(ends).toEqual([]);
  await clock.advance(1);
  expect(ends).toEqual([3000]);
});

test('kept, it stays; let go without a window, it ends', async () => {
  const { clock, ends, life } = lifetime(true);
  await clock.advance(60_000);
  expect(ends).toEqual([]);
  life.setKeep(false);
  await clock.advance(3000);
  expect(ends).toEqual([63_000]);
});
