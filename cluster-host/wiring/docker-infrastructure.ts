/** Pods as containers of a Docker Engine, on one bridge network of the cluster. */
import { watchClusterNames } from '../dns/cluster-names.ts';
import { createDnsServer } from '../dns/sockets/dns-server.ts';
import { ensureNetwork } from '../engine/clusters.ts';
import { connectEngine } from '../engine/http-engine.ts';
import { DockerRuntime } from '../kubelet/runtime/docker/docker-runtime.ts';
import type { Disposable, Platform } from '../platform/platform.ts';
import { nftablesBackend } from '../proxy/backends/nftables.ts';
import { createProxy, type Proxy } from '../proxy/proxy.ts';
import { addressIn, firstNodeIndex } from './addresses.ts';
import { createComponent, identities } from './component.ts';
import type { Infrastructure } from './infrastructure.ts';
import { DisposalStack } from './disposal-stack.ts';

export interface DockerOptions {
  readonly platform: Platform;
  /** Marks what is the cluster's on the engine. */
  readonly id: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  /** Gives up the start. */
  readonly ending: AbortSignal;
}

/** Resolves when the engine answers and the cluster's network is there. */
export async function dockerInfrastructure({ platform, id, clusterCidr, serviceCidr, ending }: DockerOptions): Promise<Infrastructure> {
  const { clock, log } = platform;
  const engine = connectEngine();
  const network = `kubicle-${id}`;
  const gateway = addressIn(clusterCidr, 1);
  try {
    await engine.version();
    await ensureNetwork(engine, { cluster: id, name: network, subnet: clusterCidr, gateway });
    ending.throwIfAborted();
  } catch (error) {
    engine.dispose();
    throw error;
  }
  const runtime = new DockerRuntime({ engine, clock, cluster: id, network });
  const backend = nftablesBackend({ engine, log, cluster: id, network, clusterCidr, serviceCidr });
  const parts = new DisposalStack();
  parts.defer(() => engine.dispose());
  let proxy: Proxy | undefined;
  const use = <T extends Disposable>(part: T): T => {
    parts.defer(() => part.dispose());
    return part;
  };
  return {
    runtime,
    gateway,
    nodeAddress: (index) => addressIn(clusterCidr, firstNodeIndex + index),
    async startDns(server) {
      const names = watchClusterNames(use(createComponent(server, platform, identities.dns)).informers);
      const dns = createDnsServer({ platform, names, host: gateway, port: 0 });
      const port = await dns.start();
      parts.defer(() => dns.stop());
      return port;
    },
    async startProxy(server) {
      proxy = createProxy({ platform, informers: use(createComponent(server, platform, identities.proxy)).informers, backend });
      await proxy.start();
      await proxy.synced();
    },
    images: async () => (await runtime.listImages()).flatMap(({ tags }) => tags),
    async stop(mode) {
      try {
        await proxy?.stop();
        if (mode === 'stop') await backend.remove();
      } finally {
        await backend.stop();
        await parts.disposeAsync();
      }
    },
  };
}
