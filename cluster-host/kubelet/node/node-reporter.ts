/**
 * Registers the node, keeps its lease, and reports its status: at once when something changed, else every five minutes
 * (kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats).
 */
import type { V1Node, V1NodeStatus } from '../../api/generated/types.ts';
import { type Client, hasReason } from '../../client/client.ts';
import type { EventRecorder } from '../../client/events.ts';
import { keepLease } from '../../client/leases.ts';
import { nodes } from '../../client/resources.ts';
import type { Clock, Disposable, Logger } from '../../platform/platform.ts';
import type { Image } from '../runtime/runtime.ts';
import { sameJson } from '../equal.ts';
import { extendedAllocatable, type NodeDescription, nodeObject, nodeStatus } from './node-object.ts';

export interface NodeReporterOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventRecorder;
  readonly description: NodeDescription;
  /** Why the node cannot run pods at this moment. */
  problem(): string | undefined;
  images(): Promise<readonly Image[]>;
}

const leaseSeconds = 40;
const reportEvery = 5 * 60 * 1000;
const retryAfter = 1_000;

export class NodeReporter implements Disposable {
  readonly #options: NodeReporterOptions;
  readonly #stop = new AbortController();
  #images: readonly Image[] = [];
  #node: V1Node | undefined;
  #sent: V1NodeStatus | undefined;
  #extended: ReturnType<typeof extendedAllocatable> = {};
  /** A heartbeat is due, though nothing changed. */
  #due = false;
  #lease: Disposable | undefined;
  #reporting = false;
  #again = false;
  #timer: Disposable | undefined;

  constructor(options: NodeReporterOptions) {
    this.#options = options;
  }

  /** Resolves with the node as the API server knows it; retries until disposed. The first `report` is the caller's. */
  async register(): Promise<V1Node | undefined> {
    const { client, clock, log, description, events } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        this.#node = await this.#createOrUpdate();
        break;
      } catch (error) {
        log.warn('the node could not be registered', { node: description.name, error });
        await clock.sleep(retryAfter, this.#stop.signal);
      }
    }
    const node = this.#node;
    if (node === undefined || this.#stop.signal.aborted) return undefined;
    events.event(node, 'Normal', 'Starting', 'Starting kubelet.');
    const owner = { apiVersion: 'v1', kind: 'Node', name: description.name, uid: node.metadata?.uid ?? '' };
    this.#lease = keepLease({ client, clock, log }, { namespace: 'kube-node-lease', name: description.name, holder: description.name, durationSeconds: leaseSeconds, owner: () => owner });
    return node;
  }

  /** Takes notice of what others wrote into the node's status. */
  seen({ status = {} }: V1Node): void {
    const extended = extendedAllocatable(status);
    const same = sameJson(extended, this.#extended);
    this.#extended = extended;
    if (!same) this.report();
  }

  /** Reports as soon as the report under way is done. */
  report(): void {
    if (this.#node === undefined || this.#stop.signal.aborted) return;
    this.#again = true;
    if (!this.#reporting) void this.#reportAll();
  }

  dispose(): void {
    this.#stop.abort();
    this.#lease?.dispose();
    this.#timer?.dispose();
  }

  async #reportAll(): Promise<void> {
    const { clock, log, description } = this.#options;
    this.#reporting = true;
    while (this.#again && !this.#stop.signal.aborted) {
      this.#again = false;
      try {
        await this.#reportOnce();
      } catch (error) {
        log.warn('the status of the node could not be written', { node: description.name, error });
        this.#again = true;
        await clock.sleep(retryAfter, this.#stop.signal);
      }
    }
    this.#reporting = false;
    this.#timer?.dispose();
    this.#timer = clock.after(reportEvery, () => {
      this.#due = true;
      this.report();
    });
  }

  async #reportOnce(): Promise<void> {
    const { client, clock, description, events } = this.#options;
    const before = this.#sent ?? this.#node?.status;
    const own = nodeStatus(description, { problem: this.#options.problem(), images: await this.#knownImages() }, before, clock.now());
    const status = { ...own, allocatable: { ...own.allocatable, ...this.#extended } } as V1NodeStatus;
    if (!this.#due && this.#sent !== undefined && sameJson(withoutHeartbeats(status), withoutHeartbeats(this.#sent))) return;
    const resource = client.resource(nodes);
    try {
      await resource.patch(description.name, { status }, { type: 'strategic', subresource: 'status' });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      // Somebody deleted the node: it registers again, as a kubelet does.
      this.#node = await this.#createOrUpdate();
      await resource.patch(description.name, { status }, { type: 'strategic', subresource: 'status' });
    }
    const [was, is] = [readiness(before), readiness(status)];
    if (was !== is && this.#node !== undefined) events.event(this.#node, 'Normal', is === 'True' ? 'NodeReady' : 'NodeNotReady', `Node ${description.name} status is now: ${is === 'True' ? 'NodeReady' : 'NodeNotReady'}`);
    this.#sent = status;
    this.#due = false;
  }

  /** A runtime that does not answer is told by the node's condition; its images are those of last time then. */
  async #knownImages(): Promise<readonly Image[]> {
    try {
      this.#images = await this.#options.images();
    } catch (error) {
      this.#options.log.debug('the images could not be listed', { error });
    }
    return this.#images;
  }

  async #createOrUpdate(): Promise<V1Node> {
    const resource = this.#options.client.resource(nodes);
    const wanted = nodeObject(this.#options.description);
    try {
      return await resource.create(wanted);
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
    // Labels of ours are brought up to date; taints and everything else belong to the node that is there.
    return resource.patch(this.#options.description.name, { metadata: { labels: wanted.metadata?.labels } }, { type: 'strategic' });
  }
}

function readiness(status: V1NodeStatus | undefined): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

function withoutHeartbeats(status: V1NodeStatus): object {
  return { ...status, conditions: status.conditions?.map((condition) => ({ ...condition, lastHeartbeatTime: undefined })) };
}
