/** Carries out what `plan.ts` decides for one pod, and remembers what came of it. A step is repeated until the plan no longer asks for it. */
import type { V1Pod } from '../../api/generated/types.ts';
import { containerResources } from '../containers/resources.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import { VolumeError } from '../volumes/volumes.ts';
import { BackOffs } from './back-offs.ts';
import { startContainer } from './container-starter.ts';
import { stopContainer } from './container-stopper.ts';
import { GivenResources } from './given-resources.ts';
import type { PodAction } from './plan.ts';
import { containersOf, podText, type PodContainer } from './pod-facts.ts';
import { PodVolumes } from './pod-volumes.ts';
import type { RuntimeView } from './runtime-view.ts';
import { makeSandbox, podFilesOf } from './sandboxes.ts';
import type { WaitingReason } from './status.ts';
import type { PodSurroundings } from './surroundings.ts';

/** A failed volume or sandbox is tried again after this time, or when something it is made of changes. */
const retryAfter = 2_000;

export interface StepsContext {
  readonly shared: PodSurroundings;
  readonly view: RuntimeView;
  pod(): V1Pod;
  /** Address of the pod; undefined until it has one. */
  podIp(): string | undefined;
  /** Where hooks reach it. */
  probeIp(): string;
  /** Aborted when nothing of the pod is to be started any more. */
  readonly ending: AbortSignal;
  /** Aborted when nobody looks any more. */
  readonly abort: AbortSignal;
}

export class PodSteps {
  readonly #context: StepsContext;
  readonly #shared: PodSurroundings;
  readonly #view: RuntimeView;
  readonly #stopping = new Set<string>();
  readonly #waiting = new Map<string, WaitingReason>();
  readonly #notBefore = new Map<string, number>();
  readonly backOffs = new BackOffs();
  readonly given = new GivenResources();
  readonly volumes: PodVolumes;
  #podFiles: ReadonlyMap<string, string> = new Map();

  constructor(context: StepsContext) {
    this.#context = context;
    this.#shared = context.shared;
    this.#view = context.view;
    this.volumes = new PodVolumes(context.shared);
  }

  get volumesReady(): boolean {
    return this.volumes.prepared !== undefined;
  }

  /** Why a container does not run though it should. */
  waiting(name: string): WaitingReason | undefined {
    return this.#waiting.get(name);
  }

  /** Until when starting a container is not to be tried again. */
  notBefore(name: string): number | undefined {
    return this.#notBefore.get(name);
  }

  isStopping(containerId: string): boolean {
    return this.#stopping.has(containerId);
  }

  /** What kept containers from starting may be gone. */
  tryAgain(): void {
    this.#notBefore.clear();
  }

  /** Tells that a container waits before it starts again. */
  backOff(name: string): void {
    const delay = this.backOffs.delay(name) / 1000;
    const text = delay >= 60 ? `${Math.floor(delay / 60)}m${delay % 60}s` : `${delay}s`;
    const where = podText(this.#context.pod());
    this.#waiting.set(name, { reason: 'CrashLoopBackOff', message: `back-off ${text} restarting failed container=${name} pod=${where}` });
    this.tell(name, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${where}`);
  }

  tell(container: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const fieldPath = containersOf(this.#context.pod()).find(({ spec }) => spec.name === container)?.fieldPath;
    this.#shared.events.event(this.#context.pod(), type, reason, message, fieldPath === undefined ? {} : { fieldPath });
  }

  async carryOut(action: Exclude<PodAction, { type: 'finish' }>): Promise<void> {
    const { runtime } = this.#shared;
    switch (action.type) {
      case 'prepareVolumes':
        return this.prepareVolumes();
      case 'makeSandbox':
        return this.#makeSandbox(action.attempt);
      case 'startContainer':
        return this.#start(action.container, action.attempt, action.sandbox);
      case 'stopContainer':
        return this.#stop(action.container, action.graceSeconds, action.message);
      case 'resizeContainer':
        return this.#resize(action.container, action.member);
      case 'removeContainer':
        await runtime.removeContainer(action.container.id);
        break;
      case 'stopSandbox':
        await runtime.stopSandbox(action.sandbox.id);
        break;
      case 'removeSandbox':
        await runtime.removeSandbox(action.sandbox.id);
        break;
    }
    this.#view.changed();
  }

  /** May be repeated: what changed is written anew. */
  async prepareVolumes(): Promise<void> {
    try {
      await this.volumes.prepare(() => ({ pod: this.#context.pod(), podIp: this.#context.podIp() }), this.#context.abort);
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      if (this.#context.abort.aborted) return;
      this.#shared.events.event(this.#context.pod(), 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${error.volume}" : ${error.message}`);
      await this.#shared.clock.sleep(retryAfter, this.#context.ending);
    }
  }

  async #makeSandbox(attempt: number): Promise<void> {
    const pod = this.#context.pod();
    if (attempt > 0) this.#shared.events.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    this.#podFiles = new Map();
    const sandbox = await makeSandbox(this.#shared, pod, attempt);
    if (sandbox === undefined) await this.#shared.clock.sleep(retryAfter, this.#context.ending);
    else await this.#view.made(sandbox);
  }

  async #start(container: PodContainer, attempt: number, sandbox: Sandbox): Promise<void> {
    const { name } = container.spec;
    const pod = this.#context.pod();
    const podIp = this.#context.podIp() ?? '';
    if (this.#podFiles.size === 0) this.#podFiles = await podFilesOf(this.#shared, pod, podIp);
    if (attempt > 0) this.backOffs.next(name, this.#shared.clock.now());
    const target = container.targetContainer === undefined ? undefined : this.#view.containers.find((other) => other.name === container.targetContainer && other.state === 'running')?.id;
    const outcome = await startContainer(this.#shared, {
      pod,
      container,
      attempt,
      sandbox,
      podIp,
      volumes: this.volumes.prepared ?? new Map(),
      podFiles: this.#podFiles,
      signal: this.#context.ending,
      ...(target === undefined ? {} : { targetContainerId: target }),
    });
    this.#notBefore.delete(name);
    if (outcome.started) {
      this.#waiting.delete(name);
    } else {
      this.#waiting.set(name, outcome.waiting);
      if (outcome.retryAt !== undefined) this.#notBefore.set(name, outcome.retryAt);
    }
    await this.#view.refresh();
  }

  async #stop(container: Container, graceSeconds: number, message: string): Promise<void> {
    const { id, name } = container;
    // Asked for again with less time, nothing is told or hooked a second time.
    const first = !this.#stopping.has(id);
    this.#stopping.add(id);
    if (first) this.tell(name, 'Normal', 'Killing', message);
    await stopContainer(this.#shared, {
      spec: first ? containersOf(this.#context.pod()).find((member) => member.spec.name === name)?.spec : undefined,
      containerId: id,
      podIp: this.#context.probeIp(),
      graceSeconds,
      hookFailed: () => this.tell(name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed'),
    });
    await this.#view.refresh();
    this.#stopping.delete(id);
  }

  async #resize({ id }: Container, { spec }: PodContainer): Promise<void> {
    await this.#shared.runtime.updateContainer(id, containerResources(this.#context.pod(), spec, this.#shared.runtimeInfo.memory));
    this.given.note(id, { requests: spec.resources?.requests, limits: spec.resources?.limits });
  }
}
