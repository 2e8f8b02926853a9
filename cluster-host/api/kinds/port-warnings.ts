/** Warnings about ports that several containers of a pod, or one of them twice, claim. */
import type { V1Container, V1ContainerPort } from '../generated/types.ts';
import type { Warnings } from './pod-warnings.ts';

interface Claimed {
  readonly port: V1ContainerPort;
  readonly field: string;
}

export function* portWarnings(containers: Iterable<readonly [V1Container, string]>): Warnings {
  const claimed = new Map<string, Claimed[]>();
  for (const [{ ports = [] }, field] of containers) {
    for (const [index, port] of ports.entries()) {
      const at = `${field}.ports[${index}]`;
      const { containerPort, protocol = '', hostIP = '', hostPort = 0, name = '' } = port;
      if (hostIP !== '' && hostPort === 0) yield `${at}: hostIP set without hostPort: {Name:${name} HostPort:0 ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
      const key = `${containerPort}/${protocol}`;
      const others = claimed.get(key) ?? [];
      for (const other of others) yield* clash(port, other.port, at, other.field);
      claimed.set(key, [...others, { port, field: at }]);
    }
  }
}

function* clash(a: V1ContainerPort, b: V1ContainerPort, field: string, other: string): Warnings {
  const [ipA, ipB] = [a.hostIP ?? '', b.hostIP ?? ''];
  const [portA, portB] = [a.hostPort ?? 0, b.hostPort ?? 0];
  if (ipA === ipB && portA === portB) yield `${field}: duplicate port definition with ${other}`;
  // No port of the host beside one is odd, but harmless.
  else if (portA === 0 || portB === 0) yield `${field}: overlapping port definition with ${other}`;
  else if (portA === portB && (ipA === '') !== (ipB === '')) yield `${field}: dangerously ambiguous port definition with ${other}`;
}
