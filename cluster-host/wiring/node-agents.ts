/** The kubelets of a host: each a component with its own identity, folder and address, on shared infrastructure. */
import { join } from 'node:path';
import { kubernetesVersion } from '../api/version.ts';
import type { InProcessServer } from '../client/in-process-transport.ts';
import { dial } from '../kubelet/edges/dial.ts';
import { networkActions } from '../kubelet/edges/network-actions.ts';
import { machineIdOf } from '../kubelet/edges/node-facts.ts';
import { podDisk } from '../kubelet/edges/pod-disk.ts';
import { staticFolder } from '../kubelet/edges/static-folder.ts';
import { createKubelet } from '../kubelet/kubelet.ts';
import type { Platform } from '../platform/platform.ts';
import { createComponent, identities } from './component.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { CreateNode } from './nodes.ts';
import { removePods, stopPods } from './stop-pods.ts';

export interface NodeOptions {
  readonly platform: Platform;
  /** A folder below for each node. */
  readonly nodesFolder: string;
  /** Bytes of disk that each node offers. */
  readonly storage: number;
  readonly dnsIp: string;
  /** From 0; a node has its address by it. */
  readonly indexOf: (name: string) => number;
}

export function nodeCreator(server: InProcessServer, infrastructure: Infrastructure, { platform, nodesFolder, storage, dnsIp, indexOf }: NodeOptions): CreateNode {
  const { clock, disk } = platform;
  const { runtime } = infrastructure;
  return (name) => {
    const folder = join(nodesFolder, name);
    const component = createComponent(server, platform, identities.node(name));
    const kubelet = createKubelet({
      platform,
      client: component.client,
      informers: component.informers,
      events: component.events,
      runtime,
      nodeName: name,
      nodeIp: infrastructure.nodeAddress(indexOf(name)),
      dns: { ip: dnsIp, domain: 'cluster.local' },
      kubernetesVersion: kubernetesVersion.gitVersion,
      storage,
      machineId: machineIdOf(folder),
      files: podDisk(folder, clock),
      network: infrastructure.probes ?? networkActions,
      dial,
      staticFolder: staticFolder(join(folder, 'manifests'), clock),
    });
    return {
      connection: kubelet.connection,
      usage: () => kubelet.usage(),
      async start() {
        await disk.makeFolder(folder);
        await kubelet.start();
      },
      async stop(containers) {
        const stopped = kubelet.stop();
        // What starts waits for what it watches: that ends with the component.
        component.dispose();
        // A step under way may wait for a container to end, or bring one forth yet.
        if (containers !== 'leave') await stopPods(runtime, name);
        await stopped;
        if (containers !== 'leave') await stopPods(runtime, name);
        if (containers !== 'remove') return;
        await removePods(runtime, name);
        await disk.remove(folder);
      },
    };
  };
}
