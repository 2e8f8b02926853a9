/**
 * What the containers of a node use: measured when somebody asks, never else.
 *
 * CPU is a rate, so it takes two measurements. Who asks again within a while gets the rate since the last time; who asks for
 * the first time waits for one short window.
 */
import type { Clock } from '../../platform/platform.ts';
import type { ContainerRuntime, ContainerStats } from '../runtime/runtime.ts';

export interface ContainerUsage extends ContainerStats {
  /** Billionths of a CPU over the window before `time`. */
  readonly nanoCores: number;
}

export interface UsageSample {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds that the rates are taken over. */
  readonly window: number;
  /** By the id of a container or sandbox. */
  readonly usage: ReadonlyMap<string, ContainerUsage>;
}

/** A running container or sandbox. */
export interface Measurable {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

interface Measurement {
  readonly time: number;
  readonly stats: ReadonlyMap<string, ContainerStats>;
}

/** A rate over less says little. */
const shortestWindow = 1_000;
/** A rate over more says little about now. */
const longestWindow = 60_000;

export class UsageSampler {
  readonly #runtime: ContainerRuntime;
  readonly #clock: Clock;
  readonly #running: () => readonly Measurable[];
  #last: Measurement | undefined;
  #sample: UsageSample | undefined;
  #pending: Promise<UsageSample> | undefined;

  constructor(runtime: ContainerRuntime, clock: Clock, running: () => readonly Measurable[]) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#running = running;
  }

  /** Those who ask at once share an answer, and it serves for a second. */
  sample(): Promise<UsageSample> {
    if (this.#sample !== undefined && this.#clock.now() - this.#sample.time < shortestWindow) return Promise.resolve(this.#sample);
    this.#pending ??= this.#take().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #take(): Promise<UsageSample> {
    const age = this.#last === undefined ? Infinity : this.#clock.now() - this.#last.time;
    const before = this.#last !== undefined && age <= longestWindow ? this.#last : await this.#measure();
    const early = before.time + shortestWindow - this.#clock.now();
    if (early > 0) await this.#clock.sleep(early);
    const running = this.#running();
    const after = await this.#measure(running);
    this.#last = after;
    const startedAt = new Map(running.map((each) => [each.id, each.startedAt]));
    const usage = [...after.stats.values()].map((stats): [string, ContainerUsage] => {
      const { containerId: id } = stats;
      // What has started since has used nothing before.
      const start = before.stats.get(id) ?? { time: startedAt.get(id) ?? before.time, cpuNanoseconds: 0 };
      return [id, { ...stats, nanoCores: rate(stats.cpuNanoseconds - start.cpuNanoseconds, stats.time - start.time) }];
    });
    this.#sample = { time: after.time, window: after.time - before.time, usage: new Map(usage) };
    return this.#sample;
  }

  async #measure(running = this.#running()): Promise<Measurement> {
    const stats = await this.#runtime.stats(running.map(({ id }) => id));
    return { time: this.#clock.now(), stats: new Map(stats.map((each) => [each.containerId, each])) };
  }
}

function rate(nanoseconds: number, milliseconds: number): number {
  return milliseconds <= 0 ? 0 : Math.max(0, Math.round((nanoseconds * 1000) / milliseconds));
}
