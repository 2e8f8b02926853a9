/** Starts the kubelets of a host: each a component with its own identity, folder and address, on shared infrastructure. */
import { join } from 'node:path';
import { kubernetesVersion } from '../api/version.ts';
import type { InProcessServer } from '../client/in-process-transport.ts';
import { dial } from '../kubelet/edges/dial.ts';
import { networkActions } from '../kubelet/edges/network-actions.ts';
import { machineIdOf, storageOf } from '../kubelet/edges/node-facts.ts';
import { podDisk } from '../kubelet/edges/pod-disk.ts';
import { staticFolder } from '../kubelet/edges/static-folder.ts';
import { createKubelet } from '../kubelet/kubelet.ts';
import type { Platform } from '../platform/platform.ts';
import { createComponent, identities } from './component.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { StartNode } from './nodes.ts';
import { stopPods } from './stop-pods.ts';

export interface NodeOptions {
  readonly platform: Platform;
  /** A folder below for each node. */
  readonly nodesFolder: string;
  readonly dnsIp: string;
  /** The nodes in their order, from which each has its address. */
  readonly indexOf: (name: string) => number;
}

export function nodeStarter(server: InProcessServer, infrastructure: Infrastructure, { platform, nodesFolder, dnsIp, indexOf }: NodeOptions): StartNode {
  const { clock, disk } = platform;
  return async (name) => {
    const folder = join(nodesFolder, name);
    await disk.makeFolder(folder);
    const component = createComponent(server, platform, identities.node(name));
    const kubelet = createKubelet({
      platform,
      client: component.client,
      informers: component.informers,
      events: component.events,
      runtime: infrastructure.runtime,
      nodeName: name,
      nodeIp: infrastructure.nodeAddress(indexOf(name)),
      dns: { ip: dnsIp, domain: 'cluster.local' },
      kubernetesVersion: kubernetesVersion.gitVersion,
      storage: await storageOf(folder),
      machineId: machineIdOf(folder),
      files: podDisk(folder, clock),
      network: infrastructure.probes ?? networkActions,
      dial,
      staticFolder: staticFolder(join(folder, 'manifests'), clock),
    });
    await kubelet.start();
    return {
      connection: kubelet.connection,
      async stop(containers) {
        await kubelet.stop();
        if (containers === 'stop') await stopPods(infrastructure.runtime, name);
        component.dispose();
      },
    };
  };
}
