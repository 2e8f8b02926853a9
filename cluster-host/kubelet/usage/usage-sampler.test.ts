import { expect, test } from 'vitest';
import { VirtualClock } from '../../platform/simulated/clock.ts';
import type { ContainerRuntime, ContainerStats } from '../runtime/runtime.ts';
import { UsageSampler } from './usage-sampler.ts';

const nothing = { memoryUsage: 0, workingSet: 0, rss: 0, pageFaults: 0, majorPageFaults: 0 };

/** Containers that use half a CPU each since they started. */
function sampler() {
  const clock = new VirtualClock();
  const running = new Map([['a', clock.now()]]);
  let measured = 0;
  const stats = (ids: readonly string[]): Promise<readonly ContainerStats[]> => {
    measured++;
    return Promise.resolve(ids.map((containerId) => ({ ...nothing, containerId, time: clock.now(), cpuNanoseconds: (clock.now() - (running.get(containerId) ?? 0)) * 500_000 })));
  };
  const made = new UsageSampler({ stats } as ContainerRuntime, clock, () => [...running].map(([id, startedAt]) => ({ id, startedAt })));
  return { clock, running, made, measured: () => measured };
}

test('nothing is measured until somebody asks; the first to ask waits for a window', async () => {
  const { clock, made, measured } = sampler();
  await clock.advance(600_000);
  expect(measured()).toBe(0);
  const asked = [made.sample(), made.sample()];
  await clock.advance(1_000);
  const [first, second] = await Promise.all(asked);
  expect(first).toBe(second);
  expect(measured()).toBe(2);
  expect(first?.window).toBe(1_000);
  expect(first?.usage.get('a')?.nanoCores).toBe(500_000_000);
});

test('who asks again gets the rate since the last time at once; after a long while a new window', async () => {
  const { clock, made, measured, running } = sampler();
  const first = made.sample();
  await clock.advance(1_000);
  await first;
  await clock.advance(10_000);
  running.set('b', clock.now());
  await clock.advance(5_000);
  const again = await made.sample();
  expect(again.window).toBe(15_000);
  expect(measured()).toBe(3);
  expect(again.usage.get('b')?.nanoCores).toBe(500_000_000);
  expect(await made.sample()).toBe(again);
  await clock.advance(120_000);
  const late = made.sample();
  await clock.advance(1_000);
  expect((await late).window).toBe(1_000);
});
