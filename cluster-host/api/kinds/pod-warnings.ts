/** Warnings about pods and templates that are valid but will surprise (k8s.io/kubernetes `pkg/api/pod`). */
import type { V1Container, V1ObjectMeta, V1Pod, V1PodSpec, V1PodTemplateSpec, V1Volume } from '../generated/types.ts';
import { checkDnsLabel } from '../names.ts';
import { quote } from '../text.ts';
import { appArmorPrefix, seccompContainerPrefix, seccompPodAnnotation } from '../validation/pod-annotations.ts';
import { containersOf } from '../validation/windows-options.ts';
import { nodeWarnings, podAffinityWarnings } from './placement-warnings.ts';
import { portWarnings } from './port-warnings.ts';
import { claimWarnings, fractionWarnings } from './storage-warnings.ts';
import { overlappingPathWarnings } from './volume-path-warnings.ts';

const deprecatedVolumes: Readonly<Partial<Record<keyof V1Volume, string>>> = {
  photonPersistentDisk: 'photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'scaleIO: deprecated in v1.16, non-functional in v1.22+',
  flocker: 'flocker: deprecated in v1.22, non-functional in v1.25+',
  storageos: 'storageOS: deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'quobyte: deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'glusterfs: deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'cephfs: deprecated in v1.28, non-functional in v1.31+',
  rbd: 'rbd: deprecated in v1.28, non-functional in v1.31+',
};

const deprecatedAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const seccompMessage = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const appArmorMessage = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const bytes = ['memory', 'ephemeral-storage'];

export type Warnings = Generator<string, void, undefined>;

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
  const annotations = metadata?.annotations ?? {};
  const containers = [...containersOf(spec, field)];
  yield* nodeWarnings(spec, field);
  for (const [key, message] of Object.entries(deprecatedAnnotations)) if (Object.hasOwn(annotations, key)) yield `${metaField}.annotations[${key}]: ${message}`;
  yield* volumeWarnings(spec.volumes ?? [], `${field}.volumes`);
  for (const volume of spec.volumes ?? []) yield* overlappingPathWarnings(volume);
  yield* duplicateWarnings(spec, field);
  for (const name of bytes) yield* fractionWarnings(spec.overhead, name, `${field}.overhead`);
  if (!spec.securityContext?.seccompProfile && Object.hasOwn(annotations, seccompPodAnnotation)) yield `${metaField}.annotations[${seccompPodAnnotation}]: ${seccompMessage}`;
  for (const [container, at] of containers) {
    yield* profileWarnings(container, spec, annotations, `${metaField}.annotations`);
    yield* containerWarnings(container, at);
  }
  yield* portWarnings(containers);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    yield `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`;
  }
  yield* podAffinityWarnings(spec.affinity, `${field}.affinity`);
}

function* volumeWarnings(volumes: readonly V1Volume[], field: string): Warnings {
  for (const [index, volume] of volumes.entries()) {
    for (const [type, message] of Object.entries(deprecatedVolumes)) if (volume[type as keyof V1Volume] !== undefined) yield `${field}[${index}].${message}`;
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    if (claim) yield* claimWarnings(claim, `${field}[${index}].ephemeral.volumeClaimTemplate.spec`);
  }
}

/** Annotations of a container that have fields of their own today. */
function* profileWarnings({ name, securityContext }: V1Container, spec: V1PodSpec, annotations: Readonly<Record<string, string>>, field: string): Warnings {
  const [seccomp, appArmor] = [`${seccompContainerPrefix}${name}`, `${appArmorPrefix}${name}`];
  if (!securityContext?.seccompProfile && Object.hasOwn(annotations, seccomp)) yield `${field}[${seccomp}]: ${seccompMessage}`;
  const hasField = spec.securityContext?.appArmorProfile ?? securityContext?.appArmorProfile;
  if (!hasField && Object.hasOwn(annotations, appArmor)) yield `${field}[${appArmor}]: ${appArmorMessage}`;
}

function* duplicateWarnings({ hostAliases = [], imagePullSecrets = [] }: V1PodSpec, field: string): Warnings {
  const addresses = hostAliases.map(({ ip }) => ip);
  const secrets = imagePullSecrets.map(({ name = '' }) => name);
  for (const [index, ip] of addresses.entries()) if (addresses.indexOf(ip) < index) yield `${field}.hostAliases[${index}].ip: duplicate ip ${quote(ip)}`;
  for (const [index, name] of secrets.entries()) if (secrets.indexOf(name) < index) yield `${field}.imagePullSecrets[${index}].name: duplicate name ${quote(name)}`;
  for (const [index, name] of secrets.entries()) if (name === '') yield `${field}.imagePullSecrets[${index}].name: invalid empty name ${quote(name)}`;
}

function* containerWarnings(container: V1Container, field: string): Warnings {
  for (const name of bytes) {
    for (const list of ['limits', 'requests'] as const) yield* fractionWarnings(container.resources?.[list], name, `${field}.resources.${list}`);
  }
  const names = new Set<string>();
  for (const [index, { name, value = '', valueFrom }] of (container.env ?? []).entries()) {
    const reference = `$(${name})`;
    // A value that is made of the one before, and more, is meant.
    const isMeant = !valueFrom && value !== reference && value.includes(reference);
    if (names.has(name) && !isMeant) yield `${field}.env[${index}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`;
    names.add(name);
  }
}
