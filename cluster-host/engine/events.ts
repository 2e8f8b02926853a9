/**
 * The engine's events as they happen, for good: after a break the stream is taken up again before where it ended, so that nothing
 * is missed as long as the engine remembers (it keeps some 250 events; `connected` tells listeners to look for themselves).
 *
 * An event may be told twice, and two that happen at once in either order: the engine stamps an event before it takes its place
 * in the stream, so that a later one may carry an earlier time. No event is left out for its time.
 */
import type { Clock, Disposable } from '../platform/platform.ts';
import type { Engine } from './engine.ts';

export interface EngineEvent {
  /** `container`, `image`, `network`, `volume`. */
  readonly type: string;
  /** `create`, `start`, `die`, `oom`, `destroy`, `pull`, `tag`, `delete`, … */
  readonly action: string;
  readonly id: string;
  /** Labels and facts: `image`, `name`, `exitCode`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
}

export interface EngineEventListener {
  event(event: EngineEvent): void;
  /** The stream is open; each time it is, events may have been missed before. */
  connected(): void;
  lost(error: unknown): void;
}

/** `filters` as the engine's API has them: `{ type: ['container'], label: ['a=b'] }`. */
export function watchEvents(engine: Engine, clock: Clock, filters: Readonly<Record<string, readonly string[]>>, listener: EngineEventListener): Disposable {
  const stop = new AbortController();
  void follow(engine, clock, filters, listener, stop.signal);
  return { dispose: () => stop.abort() };
}

const firstDelay = 100;
const longestDelay = 5_000;

/** Nanoseconds by which a stream that is taken up again reaches back: more than events are ever out of order. */
const overlap = 1_000_000_000n;

async function follow(engine: Engine, clock: Clock, filters: object, listener: EngineEventListener, signal: AbortSignal): Promise<void> {
  let delay = firstDelay;
  let newest = 0n;
  while (!signal.aborted) {
    try {
      // The engine answers before it listens: what happens in between is among what it remembers, which it sends when asked since when.
      const query = { filters: JSON.stringify(filters), since: secondsText(newest > overlap ? newest - overlap : 0n) };
      const stream = await engine.stream('GET', '/events', { query, signal });
      listener.connected();
      delay = firstDelay;
      for await (const event of parseEvents(stream)) {
        if (event.time > newest) newest = event.time;
        listener.event(event);
      }
      if (!signal.aborted) listener.lost(new Error('the engine ended the event stream'));
    } catch (error) {
      if (!signal.aborted) listener.lost(error);
    }
    await clock.sleep(delay, signal);
    delay = Math.min(delay * 2, longestDelay);
  }
}

function secondsText(nanoseconds: bigint): string {
  const digits = nanoseconds.toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

async function* parseEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EngineEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseEvent(line);
  }
}

/** `timeNano` has more digits than a JSON number keeps, so it is taken out of the text. */
export function parseEvent(line: string): EngineEvent {
  const { Type, Action, Actor } = JSON.parse(line);
  return {
    type: Type,
    action: Action,
    id: Actor?.ID ?? '',
    attributes: Actor?.Attributes ?? {},
    time: BigInt(/"timeNano":(\d+)/.exec(line)?.[1] ?? 0),
  };
}
