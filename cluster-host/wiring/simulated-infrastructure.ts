/** Pods in a model: they have addresses, but no network that packets could take. */
import type { ProbeOutcome } from '../kubelet/probes/probe-actions.ts';
import { SimulatedRuntime } from '../kubelet/runtime/simulated/simulated-runtime.ts';
import type { Platform } from '../platform/platform.ts';
import { addressIn, firstNodeIndex } from './addresses.ts';
import type { Infrastructure } from './infrastructure.ts';

export function simulatedInfrastructure({ platform, clusterCidr }: { readonly platform: Platform; readonly clusterCidr: string }): Infrastructure {
  const succeed = (): Promise<ProbeOutcome> => Promise.resolve({ result: 'success', output: '' });
  const runtime = new SimulatedRuntime({ clock: platform.clock });
  return {
    runtime,
    probes: { httpGet: succeed, tcpConnect: succeed, grpcCheck: succeed },
    gateway: undefined,
    nodeAddress: (index) => addressIn(clusterCidr, firstNodeIndex + index),
    startDns: () => Promise.resolve(0),
    startProxy: () => Promise.resolve(),
    images: async () => (await runtime.listImages()).flatMap(({ tags }) => tags),
    stop: () => Promise.resolve(),
  };
}
