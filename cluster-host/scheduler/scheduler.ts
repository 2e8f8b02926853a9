/**
 * The scheduler: gives every pending pod a node (kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler).
 *
 * A cycle runs to its end without waiting, one pod after the other, over a picture of the cluster that informers keep; what
 * follows (binding, preempting, telling why not) goes on beside the next cycles. A pod counts on its node from the moment of
 * the decision.
 */
import type { ControllerContext } from '../client/controller.ts';
import { namespaces, nodes, persistentVolumeClaims, persistentVolumes, podDisruptionBudgets, pods, storageClasses } from '../client/resources.ts';
import type { Disposable } from '../platform/platform.ts';
import { bindPod, preempt, tellFailure } from './actions.ts';
import { ClusterCache } from './cluster-cache.ts';
import { findNode } from './cycle.ts';
import { failureText, type Failure } from './failure.ts';
import { planPreemption, type Candidate } from './preemption.ts';
import { plugins } from './plugins.ts';
import { volumeBinding } from './plugins/volume-binding.ts';
import type { ClusterView } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';
import { SchedulingQueue } from './queue.ts';
import { siblingsOf } from './siblings.ts';
import { watchCluster } from './watch-cluster.ts';

/** Milliseconds of cycles after which everything else in the process gets its turn. */
const turn = 10;

/** Starts the scheduler; disposing ends it, bindings under way finish. */
export function runScheduler(context: ControllerContext): Disposable {
  const scheduler = new Scheduler(context);
  void scheduler.start();
  return scheduler;
}

class Scheduler implements Disposable {
  readonly #context: ControllerContext;
  readonly #cache = new ClusterCache();
  readonly #queue: SchedulingQueue;
  readonly #cluster: ClusterView;
  /** Pods that preemption makes room for, by node. */
  readonly #nominated = new Map<string, Map<string, PodInfo>>();
  #subscriptions: Disposable[] = [];
  #running = false;
  #disposed = false;
  #start = 0;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new SchedulingQueue(context.clock, plugins, () => this.#wake());
    const { informers } = context;
    this.#cluster = {
      nodes: this.#cache.nodes,
      namespace: (name) => informers.informer(namespaces).lister.get('', name),
      claim: (namespace, name) => informers.informer(persistentVolumeClaims).lister.get(namespace, name),
      volume: (name) => informers.informer(persistentVolumes).lister.get('', name),
      volumes: () => informers.informer(persistentVolumes).lister.list(),
      storageClass: (name) => informers.informer(storageClasses).lister.get('', name),
      siblings: (pod) => siblingsOf(informers, pod),
    };
  }

  async start(): Promise<void> {
    const { informers } = this.#context;
    informers.informer(podDisruptionBudgets);
    // What else plugins read may come later: a pod that needs it waits until it does.
    await Promise.all([informers.informer(nodes).synced(), informers.informer(pods).synced(), informers.informer(namespaces).synced()]);
    if (this.#disposed) return;
    this.#subscriptions = watchCluster(informers, this.#cache, this.#queue, (uid) => this.#denominate(uid));
  }

  dispose(): void {
    this.#disposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#queue.dispose();
  }

  #wake(): void {
    if (this.#running || this.#disposed) return;
    this.#running = true;
    this.#context.clock.after(0, () => this.#work());
  }

  #work(): void {
    const until = this.#context.clock.monotonic() + turn;
    while (!this.#disposed) {
      const pod = this.#queue.take();
      if (pod === undefined) {
        this.#running = false;
        return;
      }
      try {
        this.#schedule(pod);
      } catch (error) {
        this.#context.log.error('a scheduling cycle failed', { pod: pod.key, error });
        this.#queue.retry(pod.uid);
      }
      if (this.#context.clock.monotonic() >= until) {
        this.#context.clock.after(0, () => this.#work());
        return;
      }
    }
  }

  #schedule(pod: PodInfo): void {
    const { random } = this.#context;
    const nominated = (node: string): readonly PodInfo[] => [...(this.#nominated.get(node)?.values() ?? [])];
    const result = findNode({ pod, cluster: this.#cluster, plugins, nominated, start: this.#start, random });
    if ('failure' in result) {
      this.#failed(pod, result.failure);
      return;
    }
    this.#start = (this.#start + result.examined) % Math.max(1, this.#cache.nodes.size);
    this.#cache.assume(pod, result.node);
    this.#denominate(pod.uid);
    void this.#bind(pod, result.node);
  }

  async #bind(pod: PodInfo, node: string): Promise<void> {
    const result = await bindPod(this.#context, this.#cluster, pod, node);
    if (result === 'bound') {
      this.#queue.remove(pod.uid);
      return;
    }
    this.#cache.forget(pod.uid);
    if (result === 'waiting') this.#queue.park(pod.uid, new Set([volumeBinding.name]));
    else this.#queue.retry(pod.uid);
    this.#queue.happened('podRemoved');
  }

  #failed(pod: PodInfo, failure: Failure): void {
    this.#queue.park(pod.uid, failure.plugins);
    const text = failureText(failure);
    if (failure.nodes === 0) {
      void tellFailure(this.#context, pod, text);
      return;
    }
    const budgets = this.#context.informers.informer(podDisruptionBudgets).lister.list();
    const result = planPreemption({ pod, cluster: this.#cluster, plugins, failure, budgets });
    if ('candidate' in result) this.#preempt(pod, result.candidate, text);
    else void tellFailure(this.#context, pod, `${text} no new claims to deallocate, preemption: ${result.reason}`);
  }

  #preempt(pod: PodInfo, candidate: Candidate, text: string): void {
    this.#denominate(pod.uid);
    const waiting = this.#nominated.get(candidate.node) ?? new Map<string, PodInfo>();
    this.#nominated.set(candidate.node, waiting.set(pod.uid, pod));
    void tellFailure(this.#context, pod, text, candidate.node);
    void preempt(this.#context, pod, candidate).then((preempted) => {
      if (preempted) return;
      this.#denominate(pod.uid);
      this.#queue.retry(pod.uid);
    });
  }

  #denominate(uid: string): void {
    for (const [node, waiting] of this.#nominated) if (waiting.delete(uid) && waiting.size === 0) this.#nominated.delete(node);
  }
}
