/** Ports of a node that pods take for themselves (kubernetes.io/docs/concepts/configuration/overview/#services). */
import type { V1Pod } from '../generated/types.ts';

export interface HostPort {
  /** `0.0.0.0`: every address of the node. */
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** Of the containers that run beside each other: main containers and sidecars. */
export function hostPortsOf({ spec }: V1Pod): HostPort[] {
  const running = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')];
  return running.flatMap(({ ports = [] }) => ports).flatMap(({ hostPort = 0, hostIP = '', protocol = 'TCP' }) => (hostPort === 0 ? [] : [{ address: hostIP === '' ? '0.0.0.0' : hostIP, protocol, port: hostPort }]));
}

/** Whether one node can not give both: the same port of the same protocol, on an address that both have. */
export function isSamePort(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === '0.0.0.0' || b.address === '0.0.0.0');
}
