/**
 * The kubelet: runs the pods of one node (kubernetes.io/docs/reference/command-line-tools-reference/kubelet).
 *
 * Invariants:
 * - It keeps nothing that the runtime or the API server cannot tell it again. After a restart of the host it adopts what runs
 *   and touches none of it.
 * - Each pod has one worker; what a worker cannot do ends that worker's attempt, never the kubelet.
 */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import { keyOf } from '../api/object.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/events.ts';
import type { Informer, Informers } from '../client/informer.ts';
import { nodes, pods } from '../client/resources.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import type { ClusterDns } from './containers/network-files.ts';
import { NodeView } from './http/node-view.ts';
import { Images } from './images/images.ts';
import { KubeletConnection, type Dial } from './node-connection.ts';
import { rejectionOf, resizeRefusal } from './node/admission.ts';
import { nodeStatus, type NodeDescription } from './node/node-object.ts';
import { NodeReporter } from './node/node-reporter.ts';
import { PodAddresses } from './node/pod-addresses.ts';
import { runtimeHandler } from './node/runtime-handler.ts';
import { ObjectSources } from './node/object-sources.ts';
import { isMirror, isStatic, isTerminal, timeText, uidOf } from './pods/pod-facts.ts';
import { removeFiles } from './pods/pod-cleanup.ts';
import { PodWorker } from './pods/pod-worker.ts';
import { ensureMirror, removeMirror, type StaticFolder, staticPods } from './pods/static-pods.ts';
import type { PodSurroundings } from './pods/surroundings.ts';
import type { NetworkActions } from './probes/probe-actions.ts';
import type { Container, ContainerRuntime, Sandbox } from './runtime/runtime.ts';
import type { PodFiles } from './volumes/pod-files.ts';
import type { NodeUsage } from './usage/node-usage.ts';
import { ServiceAccountTokens } from './volumes/tokens.ts';

export interface KubeletOptions {
  readonly platform: Platform;
  readonly client: Client;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly nodeName: string;
  /** Address of the node as pods and clients reach it. */
  readonly nodeIp: string;
  readonly dns: ClusterDns;
  /** `v1.36.0`. */
  readonly kubernetesVersion: string;
  /** Left out: the node waits until `spec.podCIDR` is assigned to it. */
  readonly podCidr?: string;
  /** Default 110. */
  readonly maxPods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NodeDescription['taints'];
  /** Bytes of disk that the node offers. */
  readonly storage: number;
  /** 32 hexadecimal digits. */
  readonly machineId: string;
  readonly files: PodFiles;
  readonly network: NetworkActions;
  readonly dial: Dial;
  readonly staticFolder?: StaticFolder;
}

export interface Kubelet {
  /** Resolves once the node is registered and pods are looked after; retries until `stop`. */
  start(): Promise<void>;
  /** Lets go of everything once no step is under way; containers go on. */
  stop(): Promise<void>;
  readonly connection: KubeletConnection;
  /** What the node's pods use; measured when asked. Undefined until the kubelet has started. */
  usage(): Promise<NodeUsage | undefined>;
}

export function createKubelet(options: KubeletOptions): Kubelet {
  return new NodeKubelet(options);
}

class NodeKubelet implements Kubelet {
  readonly connection: KubeletConnection;
  readonly #options: KubeletOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #addresses = new PodAddresses();
  readonly #sources: ObjectSources;
  readonly #disposables: Disposable[] = [];
  #surroundings: PodSurroundings | undefined;
  #description: NodeDescription | undefined;
  #reporter: NodeReporter | undefined;
  #view: NodeView | undefined;
  #engineLost = false;
  /** What the runtime had when the host started, by pod uid, until its pod is seen. */
  #found = new Map<string, Adopted>();
  #static: readonly V1Pod[] = [];
  #stopped = false;

  constructor(options: KubeletOptions) {
    this.#options = options;
    this.#sources = new ObjectSources(options.client, options.informers, (pod) => this.#workers.get(uidOf(pod))?.sourcesChanged(), () => [...this.#workers.values()].map(({ pod }) => pod));
    this.connection = new KubeletConnection(options.runtime, options.platform.clock, options.dial, () => this.#workers.values(), () => this.#view);
  }

  usage(): Promise<NodeUsage | undefined> {
    return this.#view?.usage() ?? Promise.resolve(undefined);
  }

  async start(): Promise<void> {
    const { runtime, informers, nodeName, platform } = this.#options;
    const info = await runtime.info();
    this.#description = this.#describe(info);
    this.#view = new NodeView({ description: this.#description, dns: this.#options.dns, runtime, clock: platform.clock, workers: () => this.#workers.values() });
    const surroundings = this.#surround(info);
    this.#surroundings = surroundings;
    this.#disposables.push(surroundings.images);
    this.#found = await this.#adopt(surroundings.images);
    if (this.#stopped) return;

    this.#disposables.push(
      runtime.watch({
        changed: ({ pod, node }) => {
          if (node === nodeName) this.#workers.get(pod.uid)?.runtimeChanged();
        },
        connected: () => this.#engine(true),
        lost: () => this.#engine(false),
      }),
    );
    const reporter = new NodeReporter({ ...this.#options, ...platform, description: this.#description, problem: () => this.#problem(), images: () => runtime.listImages() });
    this.#reporter = reporter;
    this.#disposables.push(reporter);
    const registered = await reporter.register();
    if (registered === undefined || this.#stopped) return;
    this.#useRange(registered);
    reporter.report();
    const seen = (node: V1Node): void => {
      this.#useRange(node);
      reporter.seen(node);
    };
    this.#disposables.push(this.#nodes().onChange({ added: seen, updated: seen }));

    const assigned = informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` });
    await Promise.all([assigned.synced(), this.#sources.synced()]);
    if (this.#stopped) return;
    if (this.#options.staticFolder !== undefined) {
      const watch = await this.#options.staticFolder.watch((manifests) => this.#staticChanged(staticPods(manifests, nodeName, timeText(platform.clock.now()), platform.log)));
      this.#disposables.push(watch);
    }
    this.#disposables.push(
      assigned.onChange({
        added: (pod) => this.#seen(pod),
        updated: (pod) => this.#seen(pod),
        deleted: (pod) => this.#deleted(pod),
      }),
    );
    await this.#removeOrphans();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const disposable of this.#disposables) disposable.dispose();
    this.#sources.dispose();
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    this.#workers.clear();
  }

  #describe(info: NodeDescription['info']): NodeDescription {
    const { nodeName, nodeIp, kubernetesVersion, maxPods = 110, storage, machineId, labels = {}, taints = [], podCidr } = this.#options;
    return { name: nodeName, ip: nodeIp, info, kubernetesVersion, maxPods, storage, machineId, labels, taints, ...(podCidr === undefined ? {} : { podCidr }) };
  }

  #surround(info: PodSurroundings['runtimeInfo']): PodSurroundings {
    const { platform, events, runtime, files, network, dns, client, nodeName, nodeIp } = this.#options;
    return {
      clock: platform.clock,
      log: platform.log,
      events,
      runtime,
      runtimeInfo: info,
      files,
      network,
      dns,
      images: new Images(runtime, platform.clock, () => this.#reporter?.report()),
      tokens: new ServiceAccountTokens(client, platform.clock),
      addresses: this.#addresses,
      node: { nodeName, hostIp: nodeIp, allocatable: this.#allocatable() },
      sources: (pod) => this.#sources.of(pod),
      services: (pod) => this.#sources.services(pod),
      resizeRefusal: (pod) => resizeRefusal(pod, this.#otherPods(uidOf(pod)), this.#allocatable()),
      runtimeHandler: (pod) => runtimeHandler(client, pod),
    };
  }

  #allocatable(): Readonly<Record<string, string>> {
    const description = this.#description;
    return description === undefined ? {} : (nodeStatus(description, { problem: undefined, images: [] }, undefined, 0).allocatable ?? {});
  }

  /** What the runtime has of this node's pods, by their uid. */
  async #adopt(images: Images): Promise<Map<string, Adopted>> {
    const { runtime, nodeName } = this.#options;
    const { sandboxes, containers } = await runtime.listAll({ node: nodeName });
    await images.learn(containers.map(({ imageId }) => imageId));
    for (const { pod, ip, state } of sandboxes) if (state === 'ready' && ip !== undefined) this.#addresses.adopt(pod.uid, ip);
    const uids = new Set([...sandboxes, ...containers].map(({ pod }) => pod.uid));
    return new Map([...uids].map((uid) => [uid, { sandboxes: sandboxes.filter(({ pod }) => pod.uid === uid), containers: containers.filter(({ pod }) => pod.uid === uid) }]));
  }

  #seen(pod: V1Pod): void {
    if (isMirror(pod)) {
      this.#mirrorSeen(pod);
      return;
    }
    const uid = uidOf(pod);
    const known = this.#workers.get(uid);
    if (known === undefined) {
      this.#work(pod);
      return;
    }
    known.update(pod);
    this.#roomChanged();
  }

  #work(pod: V1Pod): void {
    const surroundings = this.#surroundings;
    if (surroundings === undefined) return;
    const uid = uidOf(pod);
    const { sandboxes, containers } = this.#found.get(uid) ?? nothing;
    this.#found.delete(uid);
    const rejection = sandboxes.length > 0 || isTerminal(pod) || isStatic(pod) || pod.metadata?.deletionTimestamp !== undefined ? undefined : this.#rejection(pod);
    if (rejection !== undefined) surroundings.events.event(pod, 'Warning', rejection.reason, (rejection.message ?? '').replace('Pod was rejected: ', ''));
    const worker = new PodWorker({
      surroundings,
      client: this.#options.client,
      pod,
      sandboxes,
      containers,
      ...(rejection === undefined ? {} : { rejection }),
      finished: () => {
        this.#workers.delete(uid);
        this.#sources.release();
        this.#roomChanged();
      },
    });
    this.#workers.set(uid, worker);
  }

  /** A node may read no other one. */
  #nodes(): Informer<V1Node> {
    return this.#options.informers.informer(nodes, { fieldSelector: `metadata.name=${this.#options.nodeName}` });
  }

  #rejection(pod: V1Pod) {
    const node = this.#nodes().lister.get('', this.#options.nodeName);
    return rejectionOf(pod, this.#otherPods(uidOf(pod)), node, this.#allocatable());
  }

  /** The pods that the node has taken, but for one. */
  #otherPods(uid: string): readonly V1Pod[] {
    return [...this.#workers.values()].filter((worker) => !worker.rejected && uidOf(worker.pod) !== uid).map((worker) => worker.pod);
  }

  #roomChanged(): void {
    for (const worker of this.#workers.values()) worker.roomChanged();
  }

  #deleted(pod: V1Pod): void {
    if (!isMirror(pod)) {
      this.#workers.get(uidOf(pod))?.remove();
      return;
    }
    const wanted = this.#static.find((other) => keyOf(other) === keyOf(pod));
    if (wanted !== undefined) void this.#mirror(wanted, undefined);
  }

  #staticChanged(wanted: readonly V1Pod[]): void {
    const uids = new Set(wanted.map(uidOf));
    for (const old of this.#static) if (!uids.has(uidOf(old))) this.#workers.get(uidOf(old))?.remove();
    this.#static = wanted;
    const { lister } = this.#options.informers.informer(pods, { fieldSelector: `spec.nodeName=${this.#options.nodeName}` });
    for (const pod of wanted) {
      if (!this.#workers.has(uidOf(pod))) this.#work(pod);
      void this.#mirror(pod, lister.get(pod.metadata?.namespace ?? '', pod.metadata?.name ?? ''));
    }
    for (const mirror of lister.list().filter(isMirror)) this.#mirrorSeen(mirror);
  }

  #mirrorSeen(mirror: V1Pod): void {
    const pod = this.#static.find((other) => keyOf(other) === keyOf(mirror));
    if (pod === undefined) {
      void removeMirror(this.#options.client, mirror).catch((error: unknown) => this.#options.platform.log.warn('a mirror pod could not be removed', { error }));
      return;
    }
    void this.#mirror(pod, mirror);
    this.#workers.get(uidOf(pod))?.mirrored(mirror);
  }

  async #mirror(pod: V1Pod, existing: V1Pod | undefined): Promise<void> {
    try {
      const node = this.#nodes().lister.get('', this.#options.nodeName);
      await ensureMirror(this.#options.client, pod, existing, node?.metadata?.uid);
    } catch (error) {
      this.#options.platform.log.warn('a mirror pod could not be made', { pod: keyOf(pod), error });
    }
  }

  /** What the runtime and the disk have of pods that nobody knows any more. */
  async #removeOrphans(): Promise<void> {
    const { runtime, files, platform } = this.#options;
    const orphans = [...this.#found];
    this.#found.clear();
    const work = orphans.map(async ([uid, { sandboxes, containers }]) => {
      await Promise.all(sandboxes.map(({ id }) => runtime.stopSandbox(id)));
      await Promise.all(containers.map(({ id }) => runtime.removeContainer(id)));
      await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
      this.#addresses.release(uid);
    });
    const folders = (await files.pods()).filter((uid) => !this.#workers.has(uid));
    for (const outcome of await Promise.allSettled([...work, ...folders.map((uid) => removeFiles(runtime, files, uid))])) {
      if (outcome.status === 'rejected') platform.log.warn('something of a pod that is no more could not be removed', { error: outcome.reason });
    }
  }

  #useRange(node: V1Node): void {
    const cidr = node.spec?.podCIDR;
    if (node.metadata?.name !== this.#options.nodeName || cidr === undefined || this.#addresses.ready) return;
    this.#addresses.useRange(cidr);
    this.#reporter?.report();
    for (const worker of this.#workers.values()) worker.turn();
  }

  #engine(connected: boolean): void {
    this.#engineLost = !connected;
    this.#reporter?.report();
    if (connected) for (const worker of this.#workers.values()) worker.runtimeChanged();
  }

  #problem(): string | undefined {
    if (this.#engineLost) return 'container runtime is down';
    if (!this.#addresses.ready) return 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:the node has no pod CIDR yet';
    return undefined;
  }
}

interface Adopted {
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
}

const nothing: Adopted = { sandboxes: [], containers: [] };
