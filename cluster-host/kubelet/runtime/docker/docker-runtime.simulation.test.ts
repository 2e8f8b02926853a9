/**
 * Many containers that end almost as soon as they start, on an engine that behaves like the real one at its worst: lists lag
 * behind, events come late and out of order, answers take their time, the event stream breaks. Whatever the order, the end of
 * each container is seen.
 */
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { CallOptions, Engine } from '../../../engine/engine.ts';
import { EngineError } from '../../../engine/errors.ts';
import type { Random } from '../../../platform/platform.ts';
import { VirtualClock } from '../../../platform/simulated/clock.ts';
import { seededRandom } from '../../../platform/simulated/random.ts';
import { RuntimeView } from '../../pods/runtime-view.ts';
import type { PodSurroundings } from '../../pods/surroundings.ts';
import { noFiles } from '../../volumes/pod-files.ts';
import { DockerRuntime } from './docker-runtime.ts';
import { labels } from './labels.ts';

type State = 'created' | 'running' | 'exited';

class UnrulyEngine implements Engine {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #states = new Map<string, { real: State; listed: State }>();
  readonly #past: { readonly time: number; readonly line: string }[] = [];
  #streams: EventLines[] = [];

  constructor(clock: VirtualClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  version() {
    return Promise.resolve({ version: '20.10.24', apiVersion: '1.41' });
  }

  /** The answer is what was so at some moment on the way. */
  async call(_method: string, path: string, { query }: CallOptions = {}): Promise<any> {
    await this.#wait(30);
    const answer = path === '/containers/json' ? this.#list(String(query?.['filters'])) : this.#inspect(path.split('/')[2] ?? '');
    await this.#wait(30);
    if (answer === undefined) throw new EngineError('NotFound', 'no such container');
    return answer;
  }

  async stream(_method: string, _path: string, { query, signal }: CallOptions = {}): Promise<Readable> {
    await this.#wait(20);
    const lines = new EventLines();
    const since = Number(query?.['since']) * 1000;
    // The engine answers first and listens a little later.
    this.#clock.after(this.#upTo(20), () => {
      for (const { time, line } of this.#past) if (time >= since) lines.push(line);
      this.#streams.push(lines);
    });
    this.#clock.after(50 + this.#upTo(5_000), () => {
      this.#streams = this.#streams.filter((each) => each !== lines);
      lines.end();
    });
    signal?.addEventListener('abort', () => lines.end());
    return lines as unknown as Readable;
  }

  hijack(): Promise<never> {
    return Promise.reject(new Error('nothing to connect to'));
  }

  dispose(): void {}

  create(id: string): void {
    this.#states.set(id, { real: 'created', listed: 'created' });
  }

  become(id: string, real: State): void {
    const state = this.#states.get(id);
    if (state === undefined) return;
    state.real = real;
    const time = this.#clock.now();
    this.#clock.after(this.#upTo(50), () => (state.listed = state.real));
    if (real !== 'exited') return;
    const line = `${JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID: id, Attributes: labelsOf(id) } }).slice(0, -1)},"timeNano":${time}000000}\n`;
    this.#clock.after(this.#upTo(40), () => {
      this.#past.push({ time, line });
      for (const stream of this.#streams) stream.push(line);
    });
  }

  #list(filters: string): object[] {
    const wanted = [...this.#states].filter(([id]) => filters.includes(`"${labels.podUid}=${id}"`));
    return wanted.map(([Id, { listed }]) => ({ Id, State: listed, Labels: labelsOf(Id) }));
  }

  #inspect(id: string): object | undefined {
    const real = this.#states.get(id)?.real;
    if (real === undefined) return undefined;
    const started = real === 'created' ? '0001-01-01T00:00:00Z' : '2026-01-01T00:00:00Z';
    return { Id: id, Created: started, Image: 'i', Config: { Labels: labelsOf(id), Image: 'i' }, State: { Running: real === 'running', Status: real, ExitCode: 0, StartedAt: started, FinishedAt: started } };
  }

  #wait(most: number): Promise<void> {
    return this.#clock.sleep(this.#upTo(most));
  }

  #upTo(most: number): number {
    return Math.trunc(this.#random.float() * most);
  }
}

/** Bytes that arrive one event after the other. */
class EventLines {
  readonly #waiting: string[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  push(line: string): void {
    this.#waiting.push(line);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const line = this.#waiting.shift();
      if (line !== undefined) yield Buffer.from(line);
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** The container's id stands for its pod too. */
function labelsOf(id: string): Record<string, string> {
  return { [labels.type]: 'container', [labels.podUid]: id, [labels.node]: 'n', [labels.cluster]: 'c', [labels.containerName]: 'main' };
}

async function run(seed: number): Promise<readonly string[]> {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const engine = new UnrulyEngine(clock, random);
  const runtime = new DockerRuntime({ engine, clock, cluster: 'c', network: 'n' });
  const shared = { runtime, files: noFiles } as unknown as PodSurroundings;
  const ids = Array.from({ length: 6 }, (_, index) => `pod-${index}`);
  const views = new Map(ids.map((id) => [id, new RuntimeView(shared, { metadata: { uid: id } }, [], [])]));
  const look = async (id: string): Promise<void> => {
    const view = views.get(id);
    while (view?.stale === true) await view.refresh();
  };
  const changed = (id: string): void => {
    views.get(id)?.changed();
    void look(id);
  };
  const watch = runtime.watch({ changed: ({ pod }) => changed(pod.uid), connected: () => ids.forEach(changed), lost: () => undefined });
  for (const id of ids) {
    clock.after(Math.trunc(random.float() * 300), () => {
      engine.create(id);
      engine.become(id, 'running');
      clock.after(Math.trunc(random.float() * 60), () => engine.become(id, 'exited'));
      // As after the start of a container.
      void views.get(id)?.refresh();
    });
  }
  await clock.advance(1_500);
  // From here on nothing breaks and nothing is told any more.
  watch.dispose();
  await clock.advance(1_000);
  return [...views.values()].map(({ containers }) => containers[0]?.state ?? 'unknown');
}

test('the end of a container is never lost', async () => {
  for (let seed = 1; seed <= 60; seed++) expect(await run(seed), `seed ${seed}`).toEqual(Array.from({ length: 6 }, () => 'exited'));
});
