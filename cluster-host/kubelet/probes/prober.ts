/**
 * Probes of running containers (kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes): one timer a probe,
 * started when its container is first seen running and ended with it. Whoever listens hears only of changes.
 */
import type { V1Container, V1Pod, V1Probe } from '../../api/generated/types.ts';
import type { Clock, Disposable } from '../../platform/platform.ts';
import type { Container } from '../runtime/runtime.ts';
import type { ProbeOutcome } from './probe-actions.ts';

export type ProbeType = 'startup' | 'readiness' | 'liveness';

export interface ProbeSubject {
  readonly pod: V1Pod;
  readonly spec: V1Container;
  readonly container: Container;
}

export interface ProberSurroundings {
  readonly clock: Clock;
  run(subject: ProbeSubject, probe: V1Probe): Promise<ProbeOutcome>;
  /** A probe that did not succeed, for an event. */
  unhealthy(subject: ProbeSubject, type: ProbeType, outcome: ProbeOutcome): void;
  changed(): void;
}

interface Watched {
  readonly subject: ProbeSubject;
  readonly verdicts: Map<ProbeType, boolean>;
  readonly stop: AbortController;
}

const title: Readonly<Record<ProbeType, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

export function unhealthyText(type: ProbeType, { result, output }: ProbeOutcome): string {
  return result === 'unknown' ? `${title[type]} probe errored and resulted in unknown state: ${output}` : `${title[type]} probe failed: ${output}`;
}

/** The probes of one pod. */
export class Prober implements Disposable {
  readonly #surroundings: ProberSurroundings;
  readonly #watched = new Map<string, Watched>();

  constructor(surroundings: ProberSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Probes these containers, and no others. `wasReady`: what the API server was told of a container before the host started. */
  follow(subjects: readonly ProbeSubject[], wasReady: (container: Container) => boolean): void {
    const ids = new Set(subjects.map(({ container }) => container.id));
    for (const [id, watched] of this.#watched) {
      if (ids.has(id)) continue;
      watched.stop.abort();
      this.#watched.delete(id);
    }
    for (const subject of subjects) if (!this.#watched.has(subject.container.id)) this.#begin(subject, wasReady(subject.container));
  }

  isStarted({ id }: Container): boolean {
    const watched = this.#watched.get(id);
    return watched !== undefined && (watched.subject.spec.startupProbe === undefined || watched.verdicts.get('startup') === true);
  }

  isReady(container: Container): boolean {
    const watched = this.#watched.get(container.id);
    if (watched === undefined || !this.isStarted(container)) return false;
    return watched.subject.spec.readinessProbe === undefined || watched.verdicts.get('readiness') === true;
  }

  /** The probe that asks for a restart. */
  failed({ id }: Container): 'liveness' | 'startup' | undefined {
    const verdicts = this.#watched.get(id)?.verdicts;
    if (verdicts?.get('startup') === false) return 'startup';
    return verdicts?.get('liveness') === false ? 'liveness' : undefined;
  }

  dispose(): void {
    for (const { stop } of this.#watched.values()) stop.abort();
    this.#watched.clear();
  }

  #begin(subject: ProbeSubject, wasReady: boolean): void {
    const watched: Watched = { subject, verdicts: new Map(), stop: new AbortController() };
    this.#watched.set(subject.container.id, watched);
    if (wasReady) {
      watched.verdicts.set('readiness', true);
      watched.verdicts.set('startup', true);
    }
    const { startupProbe } = subject.spec;
    if (startupProbe === undefined || wasReady) this.#beginStarted(watched);
    else void this.#repeat(watched, 'startup', startupProbe);
  }

  /** The other probes begin once the startup probe has succeeded. */
  #beginStarted(watched: Watched): void {
    const { readinessProbe, livenessProbe } = watched.subject.spec;
    if (readinessProbe !== undefined) void this.#repeat(watched, 'readiness', readinessProbe);
    if (livenessProbe !== undefined) void this.#repeat(watched, 'liveness', livenessProbe);
  }

  async #repeat(watched: Watched, type: ProbeType, probe: V1Probe): Promise<void> {
    const { clock } = this.#surroundings;
    const { signal } = watched.stop;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const { startedAt = clock.now() } = watched.subject.container;
    await clock.sleep(Math.max(0, startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - clock.now()), signal);
    let inRow: { readonly good: boolean; readonly times: number } = { good: true, times: 0 };
    while (!signal.aborted) {
      const outcome = await this.#surroundings.run(watched.subject, probe);
      if (signal.aborted) return;
      const good = outcome.result === 'success';
      inRow = { good, times: inRow.good === good ? inRow.times + 1 : 1 };
      if (!good) this.#surroundings.unhealthy(watched.subject, type, outcome);
      if (outcome.result !== 'unknown') this.#judge(watched, type, probe, inRow);
      if (type === 'startup' && watched.verdicts.has('startup')) return;
      await clock.sleep(period, signal);
    }
  }

  #judge(watched: Watched, type: ProbeType, probe: V1Probe, { good, times }: { readonly good: boolean; readonly times: number }): void {
    const enough = times >= (good ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3));
    if (!enough || watched.verdicts.get(type) === good) return;
    watched.verdicts.set(type, good);
    if (type === 'startup' && good) this.#beginStarted(watched);
    this.#surroundings.changed();
  }
}
