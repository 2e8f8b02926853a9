/**
 * The service proxy: watches Services, EndpointSlices, Nodes and Pods, and keeps the rules of a backend in step with them.
 *
 * One run at a time; what changes meanwhile is in the next. A run that fails is tried again, with a growing pause.
 */
import type { V1EndpointSlice, V1Pod, V1Service } from '../api/generated/types.ts';
import { keyOf, type KubeObject } from '../api/object.ts';
import type { Informer, Informers } from '../client/informer.ts';
import { endpointSlices, nodes, pods, services } from '../client/resources.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import type { ProxyBackend } from './backend.ts';
import { hasHostPorts, planRules } from './plan.ts';

export interface ProxyOptions {
  readonly platform: Pick<Platform, 'clock' | 'log'>;
  readonly informers: Informers;
  readonly backend: ProxyBackend;
}

export interface Proxy {
  /** Starts the backend and watching. Rejects with a `ProxyError` where this host does not allow it. */
  start(): Promise<void>;
  /** Resolves when the rules of everything that was there at the start are in force, or when stopped. */
  synced(): Promise<void>;
  /** Stops watching, waits for a change under way; rules stay in force, and the backend is left to who made it. */
  stop(): Promise<void>;
}

/** Changes within this time, in milliseconds, make one transaction. */
const gathering = 5;
const firstPause = 100;
const longestPause = 30_000;

const sliceIndex = 'proxy/service';
const hostPortIndex = 'proxy/hostPort';

export function createProxy({ platform: { clock, log }, informers, backend }: ProxyOptions): Proxy {
  const serviceInformer = informers.informer(services);
  const sliceInformer = informers.informer(endpointSlices);
  const nodeInformer = informers.informer(nodes);
  const podInformer = informers.informer(pods);
  const subscriptions: Disposable[] = [];
  const synced = Promise.withResolvers<void>();
  let timer: Disposable | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let pause = firstPause;

  const runAfter = (delay: number): void => {
    if (stopped || timer !== undefined) return;
    timer = clock.after(delay, () => {
      running = running.then(run);
    });
  };

  async function run(): Promise<void> {
    timer = undefined;
    try {
      await backend.apply(
        planRules({
          services: serviceInformer.lister.list(),
          slicesOf: (service: V1Service) => sliceInformer.lister.byIndex(sliceIndex, keyOf(service)),
          nodes: nodeInformer.lister.list(),
          podsWithHostPorts: podInformer.lister.byIndex(hostPortIndex, 'yes'),
        }),
      );
      pause = firstPause;
      synced.resolve();
    } catch (error) {
      log.error('The rules of services could not be brought in force', { error: String(error), retryAfter: pause });
      runAfter(pause);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  function watch<T extends KubeObject>(informer: Informer<T>, concerns: (object: T) => boolean): void {
    const changed = (object: T, old?: T): void => {
      if (concerns(object) || (old !== undefined && concerns(old))) runAfter(gathering);
    };
    subscriptions.push(informer.onChange({ added: changed, updated: changed, deleted: changed }));
  }

  return {
    async start() {
      sliceInformer.addIndex(sliceIndex, serviceOfSlice);
      podInformer.addIndex(hostPortIndex, (pod: V1Pod) => (hasHostPorts(pod) ? ['yes'] : []));
      await backend.start();
      await Promise.all([serviceInformer.synced(), sliceInformer.synced(), nodeInformer.synced(), podInformer.synced()]);
      if (stopped) return;
      watch(serviceInformer, () => true);
      watch(sliceInformer, () => true);
      watch(nodeInformer, () => true);
      watch(podInformer, hasHostPorts);
      runAfter(0);
    },
    synced: () => synced.promise,
    async stop() {
      stopped = true;
      synced.resolve();
      timer?.dispose();
      for (const subscription of subscriptions) subscription.dispose();
      await running;
    },
  };
}

function serviceOfSlice({ metadata }: V1EndpointSlice): readonly string[] {
  const name = metadata?.labels?.['kubernetes.io/service-name'];
  return name === undefined ? [] : [`${metadata?.namespace ?? ''}/${name}`];
}
