import { expect, test } from 'vitest';
import { VirtualClock } from '../platform/simulated/clock.ts';
import { watchEvents } from './events.ts';
import { ScriptedEngine } from './testing/scripted-engine.ts';

test('two containers that end at once are both told, whichever the engine sends first', async () => {
  const engine = new ScriptedEngine();
  const seen: string[] = [];
  const watch = watchEvents(engine, new VirtualClock(), {}, { event: ({ id }) => seen.push(id), connected: () => seen.push('connected'), lost: () => undefined });
  await engine.tell({ Action: 'die', id: 'b', time: 2_000 });
  await engine.tell({ Action: 'die', id: 'a', time: 1_000 });
  expect(seen).toEqual(['connected', 'b', 'a']);
  watch.dispose();
});

test('a stream asks for what happened before it was heard, and taken up again for what was out of order at its end', async () => {
  const engine = new ScriptedEngine();
  const clock = new VirtualClock();
  const seen: string[] = [];
  const watch = watchEvents(engine, clock, {}, { event: ({ id }) => seen.push(id), connected: () => undefined, lost: () => seen.push('lost') });
  expect(engine.streams[0]?.options.query?.['since']).toBe('0.000000000');
  await engine.tell({ Action: 'die', id: 'a', time: 5_250_000_000 });
  engine.streams[0]?.output.end();
  await expect.poll(() => seen).toEqual(['a', 'lost']);
  await clock.advance(100);
  expect(engine.streams[1]?.options.query?.['since']).toBe('4.250000000');
  await engine.tell({ Action: 'die', id: 'b', time: 5_100_000_000 });
  expect(seen).toEqual(['a', 'lost', 'b']);
  watch.dispose();
});
