/** What `/configz` says: the settings of a `KubeletConfiguration` that this kubelet keeps to (kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1). Pure. */
import { kubeletPort } from '../node/node-object.ts';

export interface ConfiguredKubelet {
  readonly nodeIp: string;
  readonly maxPods: number;
  readonly dns: { readonly ip: string; readonly domain: string };
  readonly podCidr: string | undefined;
}

export function kubeletConfiguration({ nodeIp, maxPods, dns, podCidr }: ConfiguredKubelet): object {
  return {
    enableServer: true,
    address: nodeIp,
    port: kubeletPort,
    clusterDomain: dns.domain,
    clusterDNS: [dns.ip],
    maxPods,
    ...(podCidr === undefined ? {} : { podCIDR: podCidr }),
    nodeStatusUpdateFrequency: '10s',
    nodeStatusReportFrequency: '5m0s',
    nodeLeaseDurationSeconds: 40,
    cgroupDriver: 'cgroupfs',
    cpuManagerPolicy: 'none',
    memoryManagerPolicy: 'None',
    topologyManagerPolicy: 'none',
    hairpinMode: 'hairpin-veth',
    cpuCFSQuota: true,
    cpuCFSQuotaPeriod: '100ms',
    enableControllerAttachDetach: true,
    registerNode: true,
    seccompDefault: false,
    failSwapOn: false,
    containerLogMaxSize: '10Mi',
    containerLogMaxFiles: 5,
    enableDebuggingHandlers: true,
    enableSystemLogHandler: true,
    maxParallelImagePulls: null,
    serializeImagePulls: false,
  };
}
