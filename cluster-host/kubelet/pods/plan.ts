/**
 * What to do next for one pod: the kubelet's decisions, pure. Takes everything that is known, returns actions that may all be
 * begun at once, and when to look again though nothing changed.
 *
 * An action has a key; the caller does not begin an action whose key is still under way. Deciding twice is harmless.
 */
import type { V1Pod } from '../../api/generated/types.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import type { Resize } from './given-resources.ts';
import { containersOf, isTerminal, millisecondsOf, type PodContainer, statusOf } from './pod-facts.ts';

/** What the probes say of a running container. */
export interface ProbeView {
  /** Its startup probe succeeded, or it has none. */
  readonly started: boolean;
  /** Why it must be restarted. */
  readonly unhealthy?: 'liveness' | 'startup';
}

export interface PodView {
  readonly pod: V1Pod;
  readonly now: number;
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
  /** The pod must end: deleted, over its deadline, evicted, removed from the static folder. */
  readonly terminating: boolean;
  readonly graceSeconds: number;
  readonly volumesReady: boolean;
  probe(container: Container): ProbeView;
  /** Milliseconds that must have passed since a container's end before it may start again. */
  restartDelay(name: string): number;
  /** Until when starting the container is not to be tried again (image or configuration failed). */
  notBefore(name: string): number | undefined;
  /** Whether the container was made from what the spec says now. */
  upToDate(container: Container): boolean;
  /** What it takes to give a running container the resources that the spec says now. */
  resize(container: Container): Resize;
}

export type PodAction =
  | { readonly type: 'prepareVolumes' }
  | { readonly type: 'makeSandbox'; readonly attempt: number }
  | { readonly type: 'startContainer'; readonly container: PodContainer; readonly attempt: number; readonly sandbox: Sandbox }
  | { readonly type: 'stopContainer'; readonly container: Container; readonly graceSeconds: number; readonly message: string }
  | { readonly type: 'resizeContainer'; readonly container: Container; readonly member: PodContainer }
  | { readonly type: 'removeContainer'; readonly container: Container }
  | { readonly type: 'stopSandbox'; readonly sandbox: Sandbox }
  | { readonly type: 'removeSandbox'; readonly sandbox: Sandbox }
  /** Nothing runs any more and nothing will. */
  | { readonly type: 'finish' };

export interface PodPlan {
  readonly actions: readonly PodAction[];
  /** Names of containers that wait for their back-off. */
  readonly backingOff: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly wakeAt?: number;
}

export function actionKey(action: PodAction): string {
  switch (action.type) {
    case 'startContainer':
      return `start ${action.container.spec.name}`;
    case 'stopContainer':
      // A shorter grace than before is told to the runtime as well.
      return `stop ${action.container.id} ${action.graceSeconds}`;
    case 'resizeContainer':
      return `resize ${action.container.id}`;
    case 'removeContainer':
      return `remove ${action.container.id}`;
    case 'stopSandbox':
    case 'removeSandbox':
      return `${action.type} ${action.sandbox.id}`;
    case 'prepareVolumes':
    case 'makeSandbox':
    case 'finish':
      return action.type;
  }
}

export function planPod(view: PodView): PodPlan {
  if (view.terminating || isTerminal(view.pod)) return planEnd(view);
  const latest = latestContainers(view.containers);
  const draft = new Draft(view);
  const sandbox = view.sandboxes.find(({ state }) => state === 'ready');
  if (!view.volumesReady) draft.actions.push({ type: 'prepareVolumes' });
  if (sandbox === undefined) {
    planWithoutSandbox(view, latest, draft);
    return draft.done();
  }
  draft.actions.push(...leftovers(view, sandbox));
  const alive = new Map([...latest].filter(([, container]) => container.sandboxId === sandbox.id));
  if (planInit(view, alive, sandbox, draft)) planMain(view, alive, sandbox, draft);
  return draft.done();
}

/** Collects actions, and the earliest moment to look again. */
class Draft {
  readonly actions: PodAction[] = [];
  readonly backingOff = new Set<string>();
  readonly #view: PodView;
  #wakeAt: number | undefined;
  #starting = false;

  constructor(view: PodView) {
    this.#view = view;
  }

  start(container: PodContainer, dead: Container | undefined, sandbox: Sandbox): void {
    const { name } = container.spec;
    const notBefore = Math.max(this.#view.notBefore(name) ?? 0, dead?.finishedAt === undefined ? 0 : dead.finishedAt + this.#view.restartDelay(name));
    if (notBefore > this.#view.now) {
      if (dead !== undefined) this.backingOff.add(name);
      this.#wakeAt = Math.min(this.#wakeAt ?? Infinity, notBefore);
    } else if (this.#view.volumesReady && !this.#starting) {
      // One after the other, as users count on when a postStart hook waits for something.
      this.#starting = true;
      this.actions.push({ type: 'startContainer', container, attempt: nextAttempt(this.#view, name), sandbox });
    }
  }

  stop(container: Container, message: string, graceSeconds = this.#view.graceSeconds): void {
    this.actions.push({ type: 'stopContainer', container, graceSeconds, message });
  }

  done(): PodPlan {
    return { actions: this.actions, backingOff: this.backingOff, ...(this.#wakeAt === undefined ? {} : { wakeAt: this.#wakeAt }) };
  }
}

/** Counts the runs of a container; those whose records are gone are remembered by the status reported for them. */
function nextAttempt({ pod, containers }: PodView, name: string): number {
  const latest = latestContainers(containers).get(name);
  if (latest !== undefined) return latest.state === 'created' ? latest.attempt : latest.attempt + 1;
  const reported = statusOf(pod, name);
  return reported?.containerID === undefined ? 0 : reported.restartCount + 1;
}

/** The newest container of each name. */
export function latestContainers(containers: readonly Container[]): ReadonlyMap<string, Container> {
  const latest = new Map<string, Container>();
  for (const container of containers) {
    const known = latest.get(container.name);
    if (known === undefined || newer(container, known)) latest.set(container.name, container);
  }
  return latest;
}

export function newer(a: Container, b: Container): boolean {
  return a.createdAt === b.createdAt ? a.attempt > b.attempt : a.createdAt > b.createdAt;
}

function planWithoutSandbox(view: PodView, latest: ReadonlyMap<string, Container>, draft: Draft): void {
  const running = view.containers.filter(({ state }) => state === 'running');
  for (const container of running) draft.stop(container, 'Pod sandbox changed, it will be killed and re-created.');
  if (running.length > 0) return;
  const members = containersOf(view.pod);
  const anythingToRun = members.some(({ role, spec }) => role === 'main' && wantsStart(view.pod, latest.get(spec.name)));
  const initFailed = members.some(({ role, spec }) => role === 'init' && hasFailedForGood(view.pod, latest.get(spec.name)));
  if (!anythingToRun || initFailed) return;
  const attempts = view.sandboxes.map(({ attempt }) => attempt + 1);
  draft.actions.push({ type: 'makeSandbox', attempt: Math.max(0, ...attempts) });
}

/** Whether an end is one that the restart policy does not mend. */
function hasFailedForGood(pod: V1Pod, container: Container | undefined): boolean {
  return pod.spec?.restartPolicy === 'Never' && container?.state === 'exited' && container.exitCode !== 0;
}

/** Whether a main container that has this as its latest run is to be started (again). */
export function wantsStart(pod: V1Pod, latest: Container | undefined): boolean {
  if (latest === undefined || latest.state === 'created') return true;
  if (latest.state !== 'exited') return false;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && latest.exitCode !== 0);
}

/** Begins what is due among init containers and sidecars; true once main containers may start. */
function planInit(view: PodView, alive: ReadonlyMap<string, Container>, sandbox: Sandbox, draft: Draft): boolean {
  const members = containersOf(view.pod);
  const mains = members.filter(({ role }) => role === 'main');
  // Main containers start only after all init containers: if one is there, initialization is over, whatever became of the records.
  const initialized = mains.some(({ spec }) => alive.has(spec.name));
  const finished = mains.every(({ spec }) => alive.has(spec.name) && !wantsStart(view.pod, alive.get(spec.name)) && alive.get(spec.name)?.state === 'exited');
  for (const member of members) {
    const container = alive.get(member.spec.name);
    if (member.role === 'sidecar') {
      if (finished) {
        if (container?.state === 'running') draft.stop(container, `Stopping container ${container.name}`);
        continue;
      }
      keepRunning(view, member, container, sandbox, draft);
      const ready = container?.state === 'running' && view.probe(container).started;
      if (!ready && !initialized) return false;
    } else if (member.role === 'init' && !initialized) {
      if (container?.state === 'exited' && container.exitCode === 0) continue;
      if (hasFailedForGood(view.pod, container)) return false;
      if (container === undefined || container.state === 'created' || container.state === 'exited') draft.start(member, container, sandbox);
      return false;
    }
  }
  return true;
}

function planMain(view: PodView, alive: ReadonlyMap<string, Container>, sandbox: Sandbox, draft: Draft): void {
  for (const member of containersOf(view.pod)) {
    const container = alive.get(member.spec.name);
    if (member.role === 'main' && (container === undefined || container.state === 'running' || wantsStart(view.pod, container))) keepRunning(view, member, container, sandbox, draft);
    // An ephemeral container runs once, also where the sandbox is made anew.
    if (member.role === 'ephemeral' && container === undefined && statusOf(view.pod, member.spec.name)?.containerID === undefined) draft.start(member, undefined, sandbox);
  }
}

function keepRunning(view: PodView, member: PodContainer, container: Container | undefined, sandbox: Sandbox, draft: Draft): void {
  if (container?.state !== 'running') {
    draft.start(member, container?.state === 'exited' ? container : undefined, sandbox);
    return;
  }
  const { unhealthy } = view.probe(container);
  const failed = unhealthy === undefined ? undefined : member.spec[`${unhealthy}Probe`];
  if (unhealthy !== undefined) draft.stop(container, `Container ${container.name} failed ${unhealthy} probe, will be restarted`, failed?.terminationGracePeriodSeconds);
  else if (!view.upToDate(container)) draft.stop(container, `Container ${container.name} definition changed, will be restarted`);
  else {
    const resize = view.resize(container);
    if (resize === 'restart') draft.stop(container, `Container ${container.name} resize requires restart`);
    if (resize === 'inPlace') draft.actions.push({ type: 'resizeContainer', container, member });
  }
}

/** Of each name one dead container is kept, for `logs --previous` and the last state; older ones and replaced sandboxes go. */
function leftovers(view: PodView, sandbox: Sandbox): readonly PodAction[] {
  const actions: PodAction[] = [];
  for (const container of view.containers) {
    if (container.state === 'running') continue;
    const newerOnes = view.containers.filter((other) => other.name === container.name && newer(other, container));
    if (newerOnes.length > 1) actions.push({ type: 'removeContainer', container });
  }
  for (const other of view.sandboxes) if (other.id !== sandbox.id) actions.push({ type: 'removeSandbox', sandbox: other });
  return actions;
}

/** Main containers go first, then sidecars from the last to the first, then the sandbox. */
function planEnd(view: PodView): PodPlan {
  const running = new Map(view.containers.filter(({ state }) => state === 'running').map((container) => [container.name, container]));
  const members = containersOf(view.pod);
  const sidecars = members.flatMap(({ role, spec }) => (role === 'sidecar' ? (running.get(spec.name) ?? []) : []));
  const others = [...running.values()].filter((container) => !sidecars.includes(container));
  const next = others.length > 0 ? others : sidecars.slice(-1);
  const nothing = { backingOff: new Set<string>() };
  if (next.length > 0) {
    return { ...nothing, actions: next.map((container) => ({ type: 'stopContainer', container, graceSeconds: view.graceSeconds, message: `Stopping container ${container.name}` })) };
  }
  const ready = view.sandboxes.filter(({ state }) => state === 'ready');
  if (ready.length > 0) return { ...nothing, actions: ready.map((sandbox) => ({ type: 'stopSandbox', sandbox })) };
  return { ...nothing, actions: [{ type: 'finish' }] };
}

/** When a pod with a deadline must end, in milliseconds since the epoch. */
export function deadlineOf(pod: V1Pod): number | undefined {
  const started = millisecondsOf(pod.status?.startTime);
  const seconds = pod.spec?.activeDeadlineSeconds;
  return started === undefined || seconds === undefined ? undefined : started + seconds * 1000;
}
