/** Warnings about pods and templates that are valid but will surprise (k8s.io/kubernetes `pkg/api/pod`). */
import type { V1Container, V1ObjectMeta, V1Pod, V1PodSpec, V1PodTemplateSpec, V1Volume } from '../generated/types.ts';
import { checkDnsLabel } from '../names.ts';
import { quantityOf } from '../quantity.ts';
import { quote } from '../text.ts';
import { appArmorPrefix, seccompContainerPrefix, seccompPodAnnotation } from '../validation/pod-annotations.ts';
import { containersOf } from '../validation/windows-options.ts';

/** Labels of nodes that have other names today. */
const deprecatedNodeLabels: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
]);

const deprecatedVolumes: Readonly<Partial<Record<keyof V1Volume, string>>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
};

type Warnings = Generator<string, void, undefined>;

export function podWarnings({ metadata, spec }: V1Pod, old: V1Pod | undefined): readonly string[] {
  // Nothing new can be wrong with a pod whose spec stays as it is, except for its annotations.
  if (old !== undefined && old.metadata?.generation !== undefined && old.metadata.generation === metadata?.generation) return [];
  return spec === undefined ? [] : [...hostnameWarnings(metadata, old), ...specWarnings(metadata, spec, 'spec', 'metadata')];
}

export function templateWarnings(template: V1PodTemplateSpec | undefined, field = 'spec.template'): readonly string[] {
  return template?.spec === undefined ? [] : [...specWarnings(template.metadata, template.spec, `${field}.spec`, `${field}.metadata`)];
}

function* hostnameWarnings(metadata: V1ObjectMeta | undefined, old: V1Pod | undefined): Warnings {
  if (old === undefined && metadata?.name) yield* podNameWarnings(metadata.name);
}

/** A pod's name becomes its host's name: one with dots or of great length makes an odd one. */
export function* podNameWarnings(name: string): Warnings {
  const problems = checkDnsLabel(name);
  if (problems.length > 0) {
    yield `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`;
  }
}

function* specWarnings(metadata: V1ObjectMeta | undefined, spec: V1PodSpec, field: string, metaField: string): Warnings {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const message = deprecatedNodeLabels.get(key);
    if (message !== undefined) yield `${field}.nodeSelector[${key}]: ${message}`;
  }
  yield* annotationWarnings(metadata?.annotations ?? {}, `${metaField}.annotations`);
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    for (const [type, message] of Object.entries(deprecatedVolumes)) {
      if (volume[type as keyof V1Volume] !== undefined) yield `${field}.volumes[${index}].${type}: ${message}`;
    }
  }
  yield* duplicateWarnings(spec, field);
  for (const [container, at] of containersOf(spec, field)) yield* containerWarnings(container, at);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    yield `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`;
  }
}

function* annotationWarnings(annotations: Readonly<Record<string, string>>, field: string): Warnings {
  for (const key of Object.keys(annotations)) {
    if (key === 'scheduler.alpha.kubernetes.io/critical-pod') yield `${field}[${key}]: non-functional in v1.16+; use the "priorityClassName" field instead`;
    if (key === seccompPodAnnotation || key.startsWith(seccompContainerPrefix)) yield `${field}[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`;
    if (key.startsWith(appArmorPrefix)) yield `${field}[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`;
  }
}

function* duplicateWarnings(spec: V1PodSpec, field: string): Warnings {
  const aliases = new Map<string, number>();
  for (const [index, { ip }] of (spec.hostAliases ?? []).entries()) {
    if (aliases.has(ip)) yield `${field}.hostAliases[${index}].ip: duplicate ip ${quote(ip)}`;
    aliases.set(ip, index);
  }
  const secrets = new Set<string>();
  for (const [index, { name = '' }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name === '') yield `${field}.imagePullSecrets[${index}].name: invalid empty name ${quote(name)}`;
    else if (secrets.has(name)) yield `${field}.imagePullSecrets[${index}].name: duplicate name ${quote(name)}`;
    secrets.add(name);
  }
}

function* containerWarnings(container: V1Container, field: string): Warnings {
  const names = new Set<string>();
  for (const [index, { name }] of (container.env ?? []).entries()) {
    if (names.has(name)) yield `${field}.env[${index}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`;
    names.add(name);
  }
  yield* portWarnings(container, `${field}.ports`);
  for (const list of ['limits', 'requests'] as const) {
    for (const name of ['memory', 'ephemeral-storage']) {
      const text = container.resources?.[list]?.[name];
      if (text !== undefined && quantityOf(text).nanos % 1_000_000_000n !== 0n) {
        yield `${field}.resources.${list}[${name}]: fractional byte value ${quote(text)} is invalid, must be an integer`;
      }
    }
  }
}

function* portWarnings({ ports = [] }: V1Container, field: string): Warnings {
  for (const [index, port] of ports.entries()) {
    const same = ports.findIndex(
      (other) => other.containerPort === port.containerPort && other.protocol === port.protocol && other.hostPort === port.hostPort && other.hostIP === port.hostIP,
    );
    if (same < index) yield `${field}[${index}]: duplicate port definition with ${field}[${same}]`;
  }
}
