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
import { VolumeError } from '../volumes/volumes.ts';
import { containerResources } from '../containers/resources.ts';
import { BackOffs } from './back-offs.ts';
import { startContainer } from './container-starter.ts';
import { stopContainer } from './container-stopper.ts';
import { cleanUp, deleteFromApi } from './pod-cleanup.ts';
import { GivenResources } from './given-resources.ts';
import { containersOf, isStatic, isTerminal, type PodContainer, podText, statusOf, uidOf } from './pod-facts.ts';
import { actionKey, deadlineOf, planPod, type PodAction, type PodPlan } from './plan.ts';
import { PodVolumes } from './pod-volumes.ts';
import { makeSandbox, podFilesOf } from './sandboxes.ts';
import { podStatus, type WaitingReason } from './status.ts';
import { StatusWriter } from './status-writer.ts';
import type { PodSurroundings } from './surroundings.ts';
import { terminationMessage } from './termination-messages.ts';

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

/** A failed volume or sandbox is tried again after this time, or when something it is made of changes. */
const retryAfter = 2_000;

export class PodWorker {
  readonly #options: PodWorkerOptions;
  readonly #shared: PodSurroundings;
  readonly #prober: Prober;
  readonly #backOffs = new BackOffs();
  readonly #given = new GivenResources();
  readonly #writer: StatusWriter;
  readonly #tasks = new Map<string, Promise<void>>();
  readonly #stopping = new Set<string>();
  readonly #waiting = new Map<string, WaitingReason>();
  readonly #notBefore = new Map<string, number>();
  readonly #messages = new Map<string, string | undefined>();
  readonly #abort = new AbortController();
  /** Aborted when nothing of the pod is to be started any more. */
  readonly #ending = new AbortController();
  #pod: V1Pod;
  #sandboxes: readonly Sandbox[];
  #containers: readonly Container[];
  readonly #volumes: PodVolumes;
  #podFiles: ReadonlyMap<string, string> = new Map();
  #failure: WaitingReason | undefined;
  #mirrorUid: string | undefined;
  #gone = false;
  /** Ended by itself, and its address given back. */
  #rested = false;
  #stale: boolean;
  #refreshing: Promise<void> = Promise.resolve();
  #again = false;
  #turning = false;
  #timer: Disposable | undefined;

  constructor(options: PodWorkerOptions) {
    this.#options = options;
    this.#shared = options.surroundings;
    this.#pod = options.pod;
    this.#sandboxes = options.sandboxes;
    this.#containers = options.containers;
    this.#volumes = new PodVolumes(this.#shared);
    this.#failure = options.rejection;
    this.#stale = options.sandboxes.length + options.containers.length > 0;
    this.#writer = new StatusWriter(options.client, this.#shared.clock, this.#shared.log, isStatic(options.pod) ? undefined : options.pod);
    this.#prober = new Prober({
      clock: this.#shared.clock,
      run: ({ spec, container }, probe) => runHandler(this.#shared, { spec, containerId: container.id, podIp: this.#probeIp() }, probe, (probe.timeoutSeconds ?? 1) * 1000),
      unhealthy: ({ spec, container }, type, outcome) => {
        if (!this.#stopping.has(container.id)) this.#tell(spec.name, 'Warning', 'Unhealthy', unhealthyText(type, outcome));
      },
      changed: () => this.turn(),
    });
    this.turn();
  }

  get pod(): V1Pod {
    return this.#pod;
  }

  get sandbox(): Sandbox | undefined {
    return this.#sandboxes.find(({ state }) => state === 'ready');
  }

  get containers(): readonly Container[] {
    return this.#containers;
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
    return this.#waiting.get(name);
  }

  podIp(): string | undefined {
    if (this.#pod.spec?.hostNetwork === true) return this.#shared.node.hostIp;
    return this.sandbox?.ip ?? this.#writer.latest?.podIP;
  }

  /** A pod on the node's network is reached where the kubelet itself is. */
  #probeIp(): string {
    return this.#pod.spec?.hostNetwork === true ? '127.0.0.1' : (this.podIp() ?? '');
  }

  update(pod: V1Pod): void {
    const shown = ({ metadata, spec }: V1Pod): unknown => [metadata?.labels, metadata?.annotations, spec];
    const changed = !sameJson(shown(pod), shown(this.#pod));
    this.#pod = pod;
    if (changed) this.#renewVolumes();
    this.turn();
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
    this.#stale = true;
    this.turn();
  }

  /** An object that its volumes or environment are made of changed. */
  sourcesChanged(): void {
    this.#notBefore.clear();
    this.#renewVolumes();
    this.turn();
  }

  /** Brings what containers see in their volumes up to date; where that is under way already, once more. */
  #renewVolumes(): void {
    if (this.#isEnding()) return;
    this.#volumes.outdate();
    if (this.#volumes.prepared !== undefined) this.#run('prepareVolumes', () => this.#prepare());
  }

  /** Stops looking; what runs goes on. Resolves when no step is under way: the engine is not left in the middle of one. */
  async stop(): Promise<void> {
    this.#dispose();
    await Promise.allSettled(this.#tasks.values());
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
        this.#shared.log.error('a pod could not be looked after', { pod: podText(this.#pod), error });
        this.#stale = true;
        this.#wake(this.#shared.clock.now() + retryAfter);
      }
    }
    this.#turning = false;
  }

  async #turnOnce(): Promise<void> {
    if (this.#stale) await this.#refresh();
    this.#checkDeadline();
    if (this.#isEnding()) this.#ending.abort();
    const plan = this.#plan();
    this.#noteBackOffs(plan);
    this.#follow();
    this.#tellStatus();
    for (const action of plan.actions) if (action.type !== 'finish' || this.#mayFinish()) this.#run(actionKey(action), () => this.#do(action));
    const times = [plan.wakeAt, this.#isEnding() ? undefined : deadlineOf(this.#pod), this.#volumes.renewAt(this.#pod)];
    const next = Math.min(...times.map((time) => time ?? Infinity));
    if (next !== Infinity) this.#wake(next);
  }

  #wake(at: number): void {
    this.#timer?.dispose();
    this.#timer = this.#shared.clock.after(at - this.#shared.clock.now(), () => {
      const renewAt = this.#volumes.renewAt(this.#pod);
      if (renewAt !== undefined && renewAt <= this.#shared.clock.now()) this.#renewVolumes();
      this.turn();
    });
  }

  /** One after the other, so that an older answer never replaces a newer one. */
  #refresh(): Promise<void> {
    const next = this.#refreshing.then(() => this.#list());
    this.#refreshing = next.catch(() => undefined);
    return next;
  }

  async #list(): Promise<void> {
    this.#stale = false;
    const filter = { podUid: uidOf(this.#pod) };
    try {
      const { sandboxes, containers } = await this.#shared.runtime.listAll(filter);
      this.#sandboxes = sandboxes;
      this.#containers = containers;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    await this.#readMessages();
  }

  async #readMessages(): Promise<void> {
    for (const container of this.#containers) {
      if (container.state === 'exited' && !this.#messages.has(container.id)) this.#messages.set(container.id, await terminationMessage(this.#shared, container));
    }
  }

  #checkDeadline(): void {
    const deadline = deadlineOf(this.#pod);
    if (this.#failure !== undefined || isTerminal(this.#pod) || deadline === undefined || deadline > this.#shared.clock.now()) return;
    this.#failure = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    this.#shared.events.event(this.#pod, 'Normal', 'DeadlineExceeded', this.#failure.message ?? '');
  }

  /** Not before every step has ended: one may still bring forth a container. A pod that ended by itself is done with once; being deleted, for good. */
  #mayFinish(): boolean {
    if (this.#tasks.size > 0) return false;
    return !this.#rested || this.#gone || this.#pod.metadata?.deletionTimestamp !== undefined;
  }

  #isEnding(): boolean {
    return this.#gone || this.#failure !== undefined || (this.#pod.metadata?.deletionTimestamp !== undefined && !isStatic(this.#pod));
  }

  #plan(): PodPlan {
    const { clock } = this.#shared;
    return planPod({
      pod: this.#pod,
      now: clock.now(),
      sandboxes: this.#sandboxes,
      containers: this.#containers,
      terminating: this.#isEnding(),
      graceSeconds: this.#graceSeconds(),
      volumesReady: this.#volumes.prepared !== undefined,
      probe: (container) => {
        const unhealthy = this.#prober.failed(container);
        return { started: this.#prober.isStarted(container), ...(unhealthy === undefined ? {} : { unhealthy }) };
      },
      restartDelay: (name) => this.#backOffs.delay(name),
      notBefore: (name) => this.#notBefore.get(name),
      upToDate: (container) => {
        const spec = containersOf(this.#pod).find((member) => member.spec.name === container.name)?.spec;
        const made = container.labels[hashLabel];
        return spec === undefined || made === undefined || made === containerHash(spec);
      },
      resize: (container) => this.#given.resizeOf(containersOf(this.#pod).find((member) => member.spec.name === container.name)?.spec, container),
    });
  }

  #graceSeconds(): number {
    const { deletionGracePeriodSeconds } = this.#pod.metadata ?? {};
    return Math.max(deletionGracePeriodSeconds ?? this.#pod.spec?.terminationGracePeriodSeconds ?? 30, this.#gone && deletionGracePeriodSeconds === undefined ? 1 : 0);
  }

  #noteBackOffs({ backingOff }: PodPlan): void {
    for (const name of backingOff) {
      if (this.#tasks.has(`start ${name}`) || this.#notBefore.has(name) || this.#waiting.get(name)?.reason === 'CrashLoopBackOff') continue;
      const delay = this.#backOffs.delay(name) / 1000;
      const text = delay >= 60 ? `${Math.floor(delay / 60)}m${delay % 60}s` : `${delay}s`;
      this.#waiting.set(name, { reason: 'CrashLoopBackOff', message: `back-off ${text} restarting failed container=${name} pod=${podText(this.#pod)}` });
      this.#tell(name, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${podText(this.#pod)}`);
    }
  }

  #follow(): void {
    const members = new Map(containersOf(this.#pod).map((member) => [member.spec.name, member]));
    const running = this.#settled().filter(({ state }) => state === 'running');
    const subjects = running.flatMap((container) => {
      const spec = members.get(container.name)?.spec;
      return spec === undefined ? [] : [{ pod: this.#pod, spec, container }];
    });
    this.#prober.follow(subjects, ({ id, name }) => {
      const reported = statusOf(this.#pod, name);
      return reported?.ready === true && reported.containerID === `${this.#shared.runtimeInfo.name}://${id}`;
    });
  }

  /** A container counts as running once its postStart hook has ended. */
  #settled(): readonly Container[] {
    const hooked = new Set(containersOf(this.#pod).flatMap(({ spec }) => (spec.lifecycle?.postStart !== undefined && this.#tasks.has(`start ${spec.name}`) ? [spec.name] : [])));
    return this.#containers.filter(({ name, state }) => state !== 'running' || !hooked.has(name));
  }

  #tellStatus(): void {
    const running = this.#containers.some(({ state }) => state === 'running');
    const status = podStatus({
      pod: { ...this.#pod, status: { ...this.#pod.status, ...this.#writer.latest, conditions: this.#conditions() } },
      now: this.#shared.clock.now(),
      hostIp: this.#shared.node.hostIp,
      runtimeName: this.#shared.runtimeInfo.name,
      sandboxes: this.#sandboxes,
      containers: this.#settled(),
      podIp: this.podIp(),
      volumesReady: this.#volumes.prepared !== undefined,
      failure: running ? undefined : this.#failure,
      terminating: this.#isEnding(),
      waiting: (name) => this.#waiting.get(name),
      isReady: (container) => this.#prober.isReady(container),
      isStarted: (container) => this.#prober.isStarted(container),
      image: (id) => this.#shared.images.known(id),
      given: (container) => this.#given.of(container),
      terminationMessage: (id) => this.#messages.get(id),
    });
    // The end is told when nothing runs any more: until then the pod is as it was.
    if (this.#isEnding() && running && (status.phase === 'Succeeded' || status.phase === 'Failed')) return;
    this.#writer.write(status);
  }

  /** What we told last, before the API server's echo of it has come back, and what others set. */
  #conditions(): V1PodCondition[] {
    const own = this.#writer.latest?.conditions ?? [];
    const others = (this.#pod.status?.conditions ?? []).filter(({ type }) => !own.some((condition) => condition.type === type));
    return [...own, ...others];
  }

  #run(key: string, work: () => Promise<void>): void {
    if (this.#tasks.has(key)) return;
    const task = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        this.#shared.log.warn('a step of a pod failed', { pod: podText(this.#pod), step: key, error });
        // Some steps are what an ending waits for: they are not to be repeated without a pause.
        await this.#shared.clock.sleep(retryAfter, this.#abort.signal);
      } finally {
        this.#tasks.delete(key);
        this.turn();
      }
    };
    this.#tasks.set(key, task());
  }

  async #do(action: PodAction): Promise<void> {
    const { runtime } = this.#shared;
    switch (action.type) {
      case 'prepareVolumes':
        return this.#prepare();
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
        this.#messages.delete(action.container.id);
        break;
      case 'stopSandbox':
        await runtime.stopSandbox(action.sandbox.id);
        break;
      case 'removeSandbox':
        await runtime.removeSandbox(action.sandbox.id);
        break;
      case 'finish':
        return this.#finish();
    }
    this.#stale = true;
  }

  async #resize({ id }: Container, { spec }: PodContainer): Promise<void> {
    await this.#shared.runtime.updateContainer(id, containerResources(this.#pod, spec, this.#shared.runtimeInfo.memory));
    this.#given.note(id, { requests: spec.resources?.requests, limits: spec.resources?.limits });
  }

  async #prepare(): Promise<void> {
    try {
      await this.#volumes.prepare(() => ({ pod: this.#pod, podIp: this.podIp() }), this.#abort.signal);
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      if (this.#abort.signal.aborted) return;
      this.#shared.events.event(this.#pod, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${error.volume}" : ${error.message}`);
      await this.#shared.clock.sleep(retryAfter, this.#ending.signal);
    }
  }

  async #makeSandbox(attempt: number): Promise<void> {
    if (attempt > 0) this.#shared.events.event(this.#pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    this.#podFiles = new Map();
    const sandbox = await makeSandbox(this.#shared, this.#pod, attempt);
    // A list that was asked for before does not know it yet.
    await this.#refreshing;
    if (sandbox === undefined) await this.#shared.clock.sleep(retryAfter, this.#ending.signal);
    else this.#sandboxes = [...this.#sandboxes.filter(({ id }) => id !== sandbox.id), sandbox];
  }

  async #start(container: PodContainer, attempt: number, sandbox: Sandbox): Promise<void> {
    const { name } = container.spec;
    if (this.#podFiles.size === 0) this.#podFiles = await podFilesOf(this.#shared, this.#pod, this.podIp() ?? '');
    if (attempt > 0) this.#backOffs.next(name, this.#shared.clock.now());
    const outcome = await startContainer(this.#shared, {
      pod: this.#pod,
      container,
      attempt,
      sandbox,
      podIp: this.podIp() ?? '',
      volumes: this.#volumes.prepared ?? new Map(),
      podFiles: this.#podFiles,
      signal: this.#ending.signal,
    });
    this.#notBefore.delete(name);
    if (outcome.started) {
      this.#waiting.delete(name);
    } else {
      this.#waiting.set(name, outcome.waiting);
      if (outcome.retryAt !== undefined) this.#notBefore.set(name, outcome.retryAt);
    }
    await this.#refresh();
  }

  async #stop(container: Container, graceSeconds: number, message: string): Promise<void> {
    const { id, name } = container;
    // Asked for again with less time, nothing is told or hooked a second time.
    const first = !this.#stopping.has(id);
    this.#stopping.add(id);
    if (first) this.#tell(name, 'Normal', 'Killing', message);
    await stopContainer(this.#shared, {
      spec: first ? containersOf(this.#pod).find((member) => member.spec.name === name)?.spec : undefined,
      containerId: id,
      podIp: this.#probeIp(),
      graceSeconds,
      hookFailed: () => this.#tell(name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed'),
    });
    await this.#refresh();
    this.#stopping.delete(id);
  }

  /** Of a pod that ended by itself the containers stay for their logs until it is deleted. */
  async #finish(): Promise<void> {
    if (!this.#gone && this.#pod.metadata?.deletionTimestamp === undefined) {
      this.#shared.addresses.release(uidOf(this.#pod));
      this.#rested = true;
      return;
    }
    await this.#writer.flushed();
    await cleanUp(this.#shared, this.#pod, this.#containers, this.#sandboxes);
    if (!this.#gone) await deleteFromApi(this.#options.client, this.#pod);
    this.#dispose();
    this.#options.finished();
  }

  #tell(container: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const fieldPath = containersOf(this.#pod).find(({ spec }) => spec.name === container)?.fieldPath;
    this.#shared.events.event(this.#pod, type, reason, message, fieldPath === undefined ? {} : { fieldPath });
  }
}
