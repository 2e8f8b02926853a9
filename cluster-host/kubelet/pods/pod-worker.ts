/**
 * Looks after one pod: sees what is (runtime, probes, volumes), asks `plan.ts` what to do, begins it, tells the status.
 *
 * Turns never overlap. What takes time (pulling, starting, stopping) runs beside them as a task; a task that ends brings the
 * next turn, as does every change from outside. Nothing polls.
 */
import type { V1Pod, V1PodCondition } from '../../api/generated/types.ts';
import type { Client } from '../../client/client.ts';
import type { Disposable } from '../../platform/platform.ts';
import { containerHash, hashLabel } from '../containers/container-config.ts';
import { sameJson } from '../equal.ts';
import { Prober, unhealthyText } from '../probes/prober.ts';
import { runHandler } from '../probes/handlers.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import { Allocation, resizeText } from './allocation.ts';
import { cleanUp, deleteFromApi } from './pod-cleanup.ts';
import { containersOf, isStatic, isTerminal, podText, statusOf, uidOf } from './pod-facts.ts';
import { actionKey, deadlineOf, planPod, type PodPlan } from './plan.ts';
import { PodSteps } from './pod-steps.ts';
import { RuntimeView } from './runtime-view.ts';
import { podStatus, type WaitingReason } from './status.ts';
import { StatusWriter } from './status-writer.ts';
import type { PodSurroundings } from './surroundings.ts';
import { Tasks } from './tasks.ts';

export interface PodWorkerOptions {
  readonly surroundings: PodSurroundings;
  readonly client: Client;
  readonly pod: V1Pod;
  /** What the runtime had of the pod when the host started. */
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
  /** Why the node does not take the pod. */
  readonly rejection?: WaitingReason;
  /** The pod is gone from runtime, disk and API server. */
  finished(): void;
}

/** A turn that failed is repeated after this time. */
const retryAfter = 2_000;

export class PodWorker {
  readonly #options: PodWorkerOptions;
  readonly #shared: PodSurroundings;
  readonly #view: RuntimeView;
  readonly #steps: PodSteps;
  readonly #tasks: Tasks;
  readonly #prober: Prober;
  readonly #writer: StatusWriter;
  readonly #allocation: Allocation;
  readonly #abort = new AbortController();
  /** Aborted when nothing of the pod is to be started any more. */
  readonly #ending = new AbortController();
  /** As the API server has it. */
  #latest: V1Pod;
  #failure: WaitingReason | undefined;
  #mirrorUid: string | undefined;
  #gone = false;
  /** Ended by itself, and its address given back. */
  #rested = false;
  #resizing = false;
  #again = false;
  #turning = false;
  #timer: Disposable | undefined;

  constructor(options: PodWorkerOptions) {
    this.#options = options;
    this.#shared = options.surroundings;
    const { clock, log } = this.#shared;
    this.#latest = options.pod;
    this.#allocation = new Allocation(options.pod);
    this.#failure = options.rejection;
    this.#view = new RuntimeView(this.#shared, options.pod, options.sandboxes, options.containers);
    this.#steps = new PodSteps({
      shared: this.#shared,
      view: this.#view,
      pod: () => this.pod,
      podIp: () => this.podIp(),
      probeIp: () => this.#probeIp(),
      ending: this.#ending.signal,
      abort: this.#abort.signal,
    });
    this.#tasks = new Tasks({ clock, log, pod: () => podText(this.pod), signal: this.#abort.signal, ended: () => this.turn() });
    this.#writer = new StatusWriter(options.client, clock, log, isStatic(options.pod) ? undefined : options.pod);
    this.#prober = new Prober({
      clock,
      run: ({ spec, container }, probe) => runHandler(this.#shared, { spec, containerId: container.id, podIp: this.#probeIp() }, probe, (probe.timeoutSeconds ?? 1) * 1000),
      unhealthy: ({ spec, container }, type, outcome) => {
        if (!this.#steps.isStopping(container.id)) this.#steps.tell(spec.name, 'Warning', 'Unhealthy', unhealthyText(type, outcome));
      },
      changed: () => this.turn(),
    });
    this.#offerResources();
    this.turn();
  }

  /** With the resources that the node has set aside for it. */
  get pod(): V1Pod {
    return this.#allocation.pod;
  }

  get sandbox(): Sandbox | undefined {
    return this.#view.sandbox;
  }

  get containers(): readonly Container[] {
    return this.#view.containers;
  }

  /** Uid of the mirror pod of a static pod. */
  get mirrorUid(): string | undefined {
    return this.#mirrorUid;
  }

  /** Whether the node refused it. */
  get rejected(): boolean {
    return this.#options.rejection !== undefined;
  }

  waitingReason(name: string): WaitingReason | undefined {
    return this.#steps.waiting(name);
  }

  podIp(): string | undefined {
    if (this.pod.spec?.hostNetwork === true) return this.#shared.node.hostIp;
    return this.sandbox?.ip ?? this.#writer.latest?.podIP;
  }

  /** A pod on the node's network is reached where the kubelet itself is. */
  #probeIp(): string {
    return this.pod.spec?.hostNetwork === true ? '127.0.0.1' : (this.podIp() ?? '');
  }

  update(pod: V1Pod): void {
    const shown = ({ metadata, spec }: V1Pod): unknown => [metadata?.labels, metadata?.annotations, spec];
    const changed = !sameJson(shown(pod), shown(this.#latest));
    this.#latest = pod;
    this.#offerResources();
    if (changed) this.#renewVolumes();
    this.turn();
  }

  /** Other pods of the node changed: there may be room for what was put off. */
  roomChanged(): void {
    if (this.#allocation.refusal === undefined) return;
    this.#offerResources();
    this.turn();
  }

  #offerResources(): void {
    const verdict = this.#allocation.offer(this.#latest, (pod) => this.#shared.resizeRefusal(pod));
    if (verdict === undefined) return;
    const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void => this.#shared.events.event(this.#latest, type, reason, message);
    if (verdict === 'accepted') tell('Normal', 'ResizeStarted', resizeText('started', this.#latest));
    else tell('Warning', `Resize${verdict.reason}`, resizeText(verdict.reason, this.#latest, verdict.message));
  }

  /** The mirror pod under which the API server knows this static pod. */
  mirrored(mirror: V1Pod): void {
    this.#mirrorUid = mirror.metadata?.uid;
    this.#writer.retarget(mirror);
  }

  /** The pod is no more wanted: deleted without us, or its file is gone. */
  remove(): void {
    this.#gone = true;
    this.turn();
  }

  /** Something of it changed in the runtime. */
  runtimeChanged(): void {
    this.#view.changed();
    this.turn();
  }

  /** An object that its volumes or environment are made of changed. */
  sourcesChanged(): void {
    this.#steps.tryAgain();
    this.#renewVolumes();
    this.turn();
  }

  /** Stops looking; what runs goes on. Resolves when no step is under way: the engine is not left in the middle of one. */
  async stop(): Promise<void> {
    this.#dispose();
    await this.#tasks.settled();
  }

  #dispose(): void {
    this.#abort.abort();
    this.#ending.abort();
    this.#timer?.dispose();
    this.#prober.dispose();
    this.#writer.dispose();
  }

  turn(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    if (!this.#turning) void this.#turns();
  }

  async #turns(): Promise<void> {
    this.#turning = true;
    while (this.#again && !this.#abort.signal.aborted) {
      this.#again = false;
      try {
        await this.#turnOnce();
      } catch (error) {
        this.#shared.log.error('a pod could not be looked after', { pod: podText(this.pod), error });
        this.#view.changed();
        this.#wake(this.#shared.clock.now() + retryAfter);
      }
    }
    this.#turning = false;
  }

  async #turnOnce(): Promise<void> {
    if (this.#view.stale) await this.#view.refresh();
    this.#checkDeadline();
    if (this.#isEnding()) this.#ending.abort();
    const plan = this.#plan();
    this.#noteBackOffs(plan);
    this.#follow();
    this.#noteResize();
    this.#tellStatus();
    for (const action of plan.actions) {
      if (action.type !== 'finish') this.#tasks.run(actionKey(action), () => this.#steps.carryOut(action));
      else if (this.#mayFinish()) this.#tasks.run(actionKey(action), () => this.#finish());
    }
    const times = [plan.wakeAt, this.#isEnding() ? undefined : deadlineOf(this.pod), this.#steps.volumes.renewAt(this.pod)];
    const next = Math.min(...times.map((time) => time ?? Infinity));
    if (next !== Infinity) this.#wake(next);
  }

  #wake(at: number): void {
    this.#timer?.dispose();
    this.#timer = this.#shared.clock.after(at - this.#shared.clock.now(), () => {
      const renewAt = this.#steps.volumes.renewAt(this.pod);
      if (renewAt !== undefined && renewAt <= this.#shared.clock.now()) this.#renewVolumes();
      this.turn();
    });
  }

  /** Brings what containers see in their volumes up to date; where that is under way already, once more. */
  #renewVolumes(): void {
    if (this.#isEnding()) return;
    this.#steps.volumes.outdate();
    if (this.#steps.volumesReady) this.#tasks.run('prepareVolumes', () => this.#steps.prepareVolumes());
  }

  #checkDeadline(): void {
    const deadline = deadlineOf(this.pod);
    if (this.#failure !== undefined || isTerminal(this.pod) || deadline === undefined || deadline > this.#shared.clock.now()) return;
    this.#failure = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    this.#shared.events.event(this.pod, 'Normal', 'DeadlineExceeded', this.#failure.message ?? '');
  }

  /** Not before every step has ended: one may still bring forth a container. A pod that ended by itself is done with once; being deleted, for good. */
  #mayFinish(): boolean {
    if (this.#tasks.size > 0) return false;
    return !this.#rested || this.#gone || this.pod.metadata?.deletionTimestamp !== undefined;
  }

  #isEnding(): boolean {
    return this.#gone || this.#failure !== undefined || (this.pod.metadata?.deletionTimestamp !== undefined && !isStatic(this.pod));
  }

  #plan(): PodPlan {
    return planPod({
      pod: this.pod,
      now: this.#shared.clock.now(),
      sandboxes: this.#view.sandboxes,
      containers: this.#view.containers,
      terminating: this.#isEnding(),
      graceSeconds: this.#graceSeconds(),
      volumesReady: this.#steps.volumesReady,
      probe: (container) => {
        const unhealthy = this.#prober.failed(container);
        return { started: this.#prober.isStarted(container), ...(unhealthy === undefined ? {} : { unhealthy }) };
      },
      restartDelay: (name) => this.#steps.backOffs.delay(name),
      notBefore: (name) => this.#steps.notBefore(name),
      upToDate: (container) => {
        const spec = this.#specOf(container);
        const made = container.labels[hashLabel];
        return spec === undefined || made === undefined || made === containerHash(spec);
      },
      resize: (container) => this.#steps.given.resizeOf(this.#specOf(container), container),
    });
  }

  #specOf({ name }: Container) {
    return containersOf(this.pod).find(({ spec }) => spec.name === name)?.spec;
  }

  #graceSeconds(): number {
    const { deletionGracePeriodSeconds } = this.pod.metadata ?? {};
    return Math.max(deletionGracePeriodSeconds ?? this.pod.spec?.terminationGracePeriodSeconds ?? 30, this.#gone && deletionGracePeriodSeconds === undefined ? 1 : 0);
  }

  #noteBackOffs({ backingOff }: PodPlan): void {
    for (const name of backingOff) {
      const known = this.#tasks.has(`start ${name}`) || this.#steps.notBefore(name) !== undefined || this.#steps.waiting(name)?.reason === 'CrashLoopBackOff';
      if (!known) this.#steps.backOff(name);
    }
  }

  #follow(): void {
    const members = new Map(containersOf(this.pod).map((member) => [member.spec.name, member]));
    const running = this.#settled().filter(({ state }) => state === 'running');
    const subjects = running.flatMap((container) => {
      const spec = members.get(container.name)?.spec;
      return spec === undefined ? [] : [{ pod: this.pod, spec, container }];
    });
    this.#prober.follow(subjects, ({ id, name }) => {
      const reported = statusOf(this.pod, name);
      return reported?.ready === true && reported.containerID === `${this.#shared.runtimeInfo.name}://${id}`;
    });
  }

  /** A resize is over when every container that runs has what is set aside for it. */
  #noteResize(): void {
    const resizing = this.#view.containers.some((container) => container.state === 'running' && this.#steps.given.resizeOf(this.#specOf(container), container) !== 'none');
    if (this.#resizing && !resizing) this.#shared.events.event(this.pod, 'Normal', 'ResizeCompleted', resizeText('completed', this.pod));
    this.#resizing = resizing;
  }

  /** A container counts as running once its postStart hook has ended. */
  #settled(): readonly Container[] {
    const hooked = new Set(containersOf(this.pod).flatMap(({ spec }) => (spec.lifecycle?.postStart !== undefined && this.#tasks.has(`start ${spec.name}`) ? [spec.name] : [])));
    return this.#view.containers.filter(({ name, state }) => state !== 'running' || !hooked.has(name));
  }

  #tellStatus(): void {
    const running = this.#view.containers.some(({ state }) => state === 'running');
    const status = podStatus({
      pod: { ...this.pod, status: { ...this.pod.status, ...this.#writer.latest, conditions: this.#conditions() } },
      now: this.#shared.clock.now(),
      hostIp: this.#shared.node.hostIp,
      runtimeName: this.#shared.runtimeInfo.name,
      sandboxes: this.#view.sandboxes,
      containers: this.#settled(),
      podIp: this.podIp(),
      volumesReady: this.#steps.volumesReady,
      failure: running ? undefined : this.#failure,
      terminating: this.#isEnding(),
      resize: { refusal: this.#allocation.refusal, inProgress: this.#resizing },
      waiting: (name) => this.#steps.waiting(name),
      isReady: (container) => this.#prober.isReady(container),
      isStarted: (container) => this.#prober.isStarted(container),
      image: (id) => this.#shared.images.known(id),
      given: (container) => this.#steps.given.of(container),
      terminationMessage: (id) => this.#view.terminationMessage(id),
    });
    // The end is told when nothing runs any more: until then the pod is as it was.
    if (this.#isEnding() && running && (status.phase === 'Succeeded' || status.phase === 'Failed')) return;
    this.#writer.write(status);
  }

  /** What we told last, before the API server's echo of it has come back, and what others set. */
  #conditions(): V1PodCondition[] {
    const own = this.#writer.latest?.conditions ?? [];
    const others = (this.pod.status?.conditions ?? []).filter(({ type }) => !own.some((condition) => condition.type === type));
    return [...own, ...others];
  }

  /** Of a pod that ended by itself the containers stay for their logs until it is deleted. */
  async #finish(): Promise<void> {
    if (!this.#gone && this.pod.metadata?.deletionTimestamp === undefined) {
      this.#shared.addresses.release(uidOf(this.pod));
      this.#rested = true;
      return;
    }
    await this.#writer.flushed();
    await cleanUp(this.#shared, this.pod, this.#view.containers, this.#view.sandboxes);
    if (!this.#gone) await deleteFromApi(this.#options.client, this.pod);
    this.#dispose();
    this.#options.finished();
  }
}
