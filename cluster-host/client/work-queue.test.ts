import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../platform/simulated/clock.ts';
import { WorkQueue } from './work-queue.ts';

describe('the work queue', () => {
  it('holds a key once, and never gives it out twice at once', async () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock);
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect(await queue.take()).toBe('a');
    queue.add('a');
    expect(await queue.take()).toBe('b');
    expect(queue.length).toBe(1);
    let again: string | undefined;
    void queue.take().then((key) => (again = key));
    await clock.settle();
    expect(again).toBeUndefined();
    queue.done('a');
    await clock.settle();
    expect(again).toBe('a');
  });

  it('adds later, the earliest delay counting', async () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock);
    queue.addAfter('a', 1000);
    queue.addAfter('a', 100);
    queue.addAfter('a', 500);
    await clock.advance(99);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(queue.length).toBe(1);
  });

  it('backs off a failing key until it is forgotten', async () => {
    const clock = new VirtualClock();
    const queue = new WorkQueue(clock);
    const delays: number[] = [];
    for (let round = 0; round < 5; round++) {
      if (round === 3) queue.forget('a');
      const start = clock.now();
      queue.addRateLimited('a');
      while (queue.length === 0) await clock.advance(1);
      delays.push(clock.now() - start);
      queue.done((await queue.take()) ?? '');
    }
    expect(delays).toEqual([5, 10, 20, 5, 10]);
  });

  it('lets waiting workers go when it is disposed', async () => {
    const queue = new WorkQueue(new VirtualClock());
    const waiting = queue.take();
    queue.dispose();
    expect(await waiting).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
  });
});
