/** A node with a kubelet of few words: heartbeats, pods that start after a while, pods that end when asked to. */
import type { V1Pod } from '../../cluster-host/api/generated/types.ts';
import { timestamp } from '../../cluster-host/api/time.ts';
import type { ControllerContext } from '../../cluster-host/client/controller.ts';
import { keepLease } from '../../cluster-host/client/leases.ts';
import { nodes, pods } from '../../cluster-host/client/resources.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';

export interface NodeBehaviour {
  /** Milliseconds from binding to ready; negative: never. */
  readonly startup?: (pod: V1Pod) => number;
  /** Milliseconds from ready to the end of all containers, and their exit code; left out: pods run on. */
  readonly run?: (pod: V1Pod) => { readonly duration: number; readonly exitCode: number } | undefined;
  /** Milliseconds from the wish to end to the end. */
  readonly shutdown?: number;
}

export function runNode(context: ControllerContext, name: string, behaviour: NodeBehaviour): Disposable {
  const node = new SimulatedNode(context, name, behaviour);
  void node.register();
  return node;
}

class SimulatedNode implements Disposable {
  readonly #context: ControllerContext;
  readonly #name: string;
  readonly #behaviour: NodeBehaviour;
  readonly #parts: Disposable[] = [];
  readonly #started = new Set<string>();
  readonly #ending = new Set<string>();
  #addresses = 0;
  #dead = false;

  constructor(context: ControllerContext, name: string, behaviour: NodeBehaviour) {
    this.#context = context;
    this.#name = name;
    this.#behaviour = behaviour;
  }

  async register(): Promise<void> {
    const { client, clock, informers } = this.#context;
    const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => {
      const time = timestamp(clock.now());
      return { type, status: type === 'Ready' ? 'True' : 'False', reason: 'Kubelet', message: 'simulated', lastHeartbeatTime: time, lastTransitionTime: time };
    });
    const amounts = { cpu: '8', memory: '16Gi', 'ephemeral-storage': '50Gi', pods: '110' };
    await client.resource(nodes).create({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: this.#name, labels: { 'kubernetes.io/hostname': this.#name } },
      status: { capacity: amounts, allocatable: amounts, conditions },
    });
    this.#parts.push(keepLease(this.#context, { namespace: 'kube-node-lease', name: this.#name, holder: this.#name, durationSeconds: 40 }));
    const look = (pod: V1Pod): void => this.#look(pod);
    this.#parts.push(informers.informer(pods).onChange({ added: look, updated: look }));
  }

  dispose(): void {
    this.#dead = true;
    for (const part of this.#parts) part.dispose();
  }

  #look(pod: V1Pod): void {
    const { uid = '', deletionTimestamp } = pod.metadata ?? {};
    if (pod.spec?.nodeName !== this.#name) return;
    if (deletionTimestamp !== undefined) {
      if (!this.#ending.has(uid)) this.#later(this.#behaviour.shutdown ?? 500, () => this.#remove(pod));
      this.#ending.add(uid);
      return;
    }
    const delay = this.#behaviour.startup?.(pod) ?? 1000;
    if (this.#started.has(uid) || delay < 0 || pod.status?.phase !== 'Pending') return;
    this.#started.add(uid);
    this.#later(delay, () => this.#start(pod));
  }

  async #start(pod: V1Pod): Promise<void> {
    const podIP = `10.244.${Number(this.#name.split('-')[1])}.${(this.#addresses++ % 250) + 2}`;
    const end = this.#behaviour.run?.(pod);
    await this.#status(pod, { phase: 'Running', startTime: timestamp(this.#context.clock.now()), podIP, podIPs: [{ ip: podIP }], conditions: [this.#ready('True')] });
    if (end !== undefined) this.#later(end.duration, () => this.#end(pod, end.exitCode));
  }

  async #end(pod: V1Pod, exitCode: number): Promise<void> {
    const finishedAt = timestamp(this.#context.clock.now());
    const containerStatuses = (pod.spec?.containers ?? []).map(({ name, image = '' }) => ({
      name,
      image,
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode, finishedAt, reason: exitCode === 0 ? 'Completed' : 'Error' } },
    }));
    await this.#status(pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses, conditions: [this.#ready('False')] });
  }

  #ready(status: string) {
    return { type: 'Ready', status, lastTransitionTime: timestamp(this.#context.clock.now()) };
  }

  async #status({ metadata }: V1Pod, status: V1Pod['status']): Promise<void> {
    await this.#context.client.resource(pods, metadata?.namespace).patch(metadata?.name ?? '', { metadata: { uid: metadata?.uid }, status }, { type: 'strategic', subresource: 'status' });
  }

  async #remove({ metadata }: V1Pod): Promise<void> {
    await this.#context.client.resource(pods, metadata?.namespace).delete(metadata?.name ?? '', { gracePeriodSeconds: 0, preconditions: { uid: metadata?.uid } });
  }

  #later(delay: number, run: () => Promise<void>): void {
    // A pod that is gone by then needs nothing more.
    this.#context.clock.after(delay, () => void (this.#dead ? undefined : run().catch(() => undefined)));
  }
}
