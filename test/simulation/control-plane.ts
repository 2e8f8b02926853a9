/**
 * A control plane on a virtual clock: the real API server over a store in memory, real controllers and scheduler, and kubelets
 * of few words. Faults come from a seed, so that a run that fails can be run again.
 */
import { createApiServer } from '../../cluster-host/api-server/create.ts';
import type { ApiServer } from '../../cluster-host/api-server/server.ts';
import { ApiClient } from '../../cluster-host/client/api-client.ts';
import { ApiEventRecorder } from '../../cluster-host/client/event-recorder.ts';
import { InProcessTransport } from '../../cluster-host/client/in-process-transport.ts';
import { runControllers } from '../../cluster-host/client/run-controllers.ts';
import { SharedInformers } from '../../cluster-host/client/shared-informers.ts';
import type { ControllerContext } from '../../cluster-host/client/controller.ts';
import type { Transport } from '../../cluster-host/client/client.ts';
import { testLog, type LogLine } from '../../cluster-host/client/testing/test-log.ts';
import { controllers } from '../../cluster-host/controllers/controllers.ts';
import type { Disposable, Platform } from '../../cluster-host/platform/platform.ts';
import { VirtualClock } from '../../cluster-host/platform/simulated/clock.ts';
import { memoryDisk } from '../../cluster-host/platform/simulated/disk.ts';
import { seededRandom } from '../../cluster-host/platform/simulated/random.ts';
import { runScheduler } from '../../cluster-host/scheduler/scheduler.ts';
import { loadCredentials } from '../../cluster-host/pki/credentials.ts';
import { createMemoryStore } from '../../cluster-host/storage/memory/memory-store.ts';
import { Faults, type FaultRates } from './faults.ts';
import { runNode, type NodeBehaviour } from './node.ts';

const user = { name: 'system:admin', groups: ['system:masters'] };
/** Made once: nothing in a run depends on them. */
const madeCredentials = loadCredentials({ clock: new VirtualClock(), random: seededRandom(1), log: testLog(), disk: memoryDisk() }, '/state', ['127.0.0.1']);

export interface SimulationOptions {
  readonly seed?: number;
  readonly nodes?: number;
  readonly faults?: FaultRates;
  readonly pods?: NodeBehaviour;
}

export class Simulation {
  readonly clock = new VirtualClock();
  readonly lines: LogLine[] = [];
  readonly server: ApiServer;
  readonly faults: Faults;
  /** Without faults: what a user and a test see. */
  readonly user: ControllerContext;
  readonly #platform: Platform;
  readonly #nodes: Disposable[] = [];
  #controlPlane: Disposable | undefined;

  static async start(options: SimulationOptions = {}): Promise<Simulation> {
    const clock = new VirtualClock();
    const random = seededRandom(options.seed ?? 1);
    const lines: LogLine[] = [];
    const platform: Platform = { clock, random, log: testLog(lines), disk: memoryDisk() };
    const { authority, serving, serviceAccountKey } = await madeCredentials;
    const server = await createApiServer({
      platform,
      store: createMemoryStore(),
      nodes: { node: () => undefined },
      serviceCidr: '10.96.0.0/16',
      nodePortRange: [30_000, 32_767],
      credentials: { caCertificate: authority.certificate, caKey: authority.key, servingCertificate: serving.certificate, servingKey: serving.key, serviceAccountKey },
      tokens: new Map(),
      issuer: 'https://kubernetes.default.svc.cluster.local',
    });
    const simulation = new Simulation(server, platform, lines, new Faults(options.faults ?? {}, random, clock));
    for (let index = 1; index <= (options.nodes ?? 2); index++) simulation.#nodes.push(runNode(simulation.user, `node-${index}`, options.pods ?? {}));
    simulation.startControlPlane();
    await simulation.advance(2000);
    return simulation;
  }

  private constructor(server: ApiServer, platform: Platform, lines: LogLine[], faults: Faults) {
    this.server = server;
    this.clock = platform.clock as VirtualClock;
    this.lines = lines;
    this.faults = faults;
    this.#platform = platform;
    this.user = this.#component(new InProcessTransport(server, user), 'user').context;
  }

  startControlPlane(): void {
    const transport = this.faults.around(new InProcessTransport(this.server, user));
    const manager = this.#component(transport, 'controllermanager');
    const scheduler = this.#component(transport, 'default-scheduler');
    const running = [runControllers(controllers({ clusterCidr: '10.244.0.0/16', caCertificate: 'CA' }), manager.context), runScheduler(scheduler.context), manager.informers, scheduler.informers];
    this.#controlPlane = { dispose: () => running.forEach((part) => part.dispose()) };
  }

  /** As after a crash: what was under way is lost, everything is read anew. */
  restartControlPlane(): void {
    this.#controlPlane?.dispose();
    this.startControlPlane();
  }

  /** The node goes silent and runs nothing any more. */
  killNode(index: number): void {
    this.#nodes[index]?.dispose();
  }

  /** Moves time on, in steps short enough for everything that follows from a step to happen before the next. */
  async advance(duration: number): Promise<void> {
    for (let left = duration; left > 0; left -= 100) {
      await this.clock.advance(Math.min(100, left));
      // The store and the request chain take turns of the event loop of their own.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  dispose(): void {
    this.#controlPlane?.dispose();
    for (const node of this.#nodes) node.dispose();
  }

  #component(transport: Transport, name: string): { context: ControllerContext; informers: SharedInformers } {
    const { clock, random, log } = this.#platform;
    const client = new ApiClient(transport);
    const informers = new SharedInformers(client, { clock, random, log });
    const events = new ApiEventRecorder({ client, clock, log }, { component: name });
    return { context: { client, informers, events, clock, random, log }, informers };
  }
}
