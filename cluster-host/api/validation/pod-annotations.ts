/** Annotations of pods that once were features, and those that still are. */
import { forbidden, invalid } from '../field-errors.ts';
import type { V1ObjectMeta, V1PodSpec, V1SeccompProfile } from '../generated/types.ts';
import { quote } from '../text.ts';
import type { Errors } from './errors.ts';
import { descendingPath } from './paths.ts';
import { containersOf } from './windows-options.ts';

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
export const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
export const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

type Annotations = Readonly<Record<string, string>>;

/** `field` is that of the annotations. */
export function* validatePodAnnotations(annotations: Annotations = {}, spec: V1PodSpec, field: string): Errors {
  const mirror = annotations[mirrorAnnotation];
  if (mirror !== undefined && !spec.nodeName) yield invalid(`${field}[${mirrorAnnotation}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set');
  const cost = annotations[deletionCostAnnotation];
  if (cost !== undefined && !isInt32(cost)) yield invalid(`${field}[${deletionCostAnnotation}]`, cost, 'must be a 32bit integer');
  for (const [key, value] of Object.entries(annotations)) {
    if (key === seccompPodAnnotation || key.startsWith(seccompContainerPrefix)) yield* validateSeccompAnnotation(value, `${field}.${key}`);
  }
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const name = key.slice(appArmorPrefix.length);
    const found = [...containersOf(spec, '')].some(([container]) => container.name === name);
    if (!found) yield invalid(`${field}[${key}]`, name, 'container not found');
    if (!/^(?:|runtime\/default|unconfined|localhost\/[^]*)$/.test(value)) yield invalid(`${field}[${key}]`, value, `invalid AppArmor profile name: ${quote(value)}`);
  }
}

function isInt32(text: string): boolean {
  return /^(?:0|[+-]?[1-9]\d*|-0)$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}

function* validateSeccompAnnotation(profile: string, field: string): Errors {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) yield* descendingPath(field, profile.slice('localhost/'.length));
  else yield invalid(field, profile, 'must be a valid seccomp profile');
}

/** Annotations of a running pod that are fixed: neither changed, nor taken away, nor added. */
export function* validateFixedAnnotations(annotations: Annotations = {}, old: Annotations = {}, field: string): Errors {
  for (const [key, value] of Object.entries(old)) {
    if (annotations[key] === value) continue;
    if (key.startsWith(appArmorPrefix)) yield forbidden(`${field}[${key}]`, 'may not remove or update AppArmor annotations');
    if (key === mirrorAnnotation) yield forbidden(`${field}[${key}]`, 'may not remove or update mirror pod annotation');
  }
  for (const key of Object.keys(annotations)) {
    if (Object.hasOwn(old, key)) continue;
    if (key.startsWith(appArmorPrefix)) yield forbidden(`${field}[${key}]`, 'may not add AppArmor annotations');
    if (key === mirrorAnnotation) yield forbidden(`${field}[${key}]`, 'may not add mirror pod annotation');
  }
}

/** Where both an annotation and a field name a profile they have to agree. `field` is that of the spec. */
export function* validateProfilesMatch(meta: V1ObjectMeta | undefined, spec: V1PodSpec, field: string): Errors {
  const annotations = meta?.annotations ?? {};
  const podProfile = spec.securityContext?.seccompProfile;
  yield* profileMatches(annotations[seccompPodAnnotation], podProfile, 'seccomp', `${field}.securityContext.seccompProfile`);
  for (const [container, at] of containersOf(spec, field)) {
    const annotation = annotations[`${seccompContainerPrefix}${container.name}`];
    yield* profileMatches(annotation, container.securityContext?.seccompProfile, 'seccomp', `${at}.securityContext.seccompProfile`);
  }
  if (spec.os?.name === 'windows') return;
  for (const [container, at] of containersOf(spec, field)) {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    yield* profileMatches(annotations[`${appArmorPrefix}${container.name}`], profile, 'apparmor', `${at}.securityContext.appArmorProfile`);
  }
}

function* profileMatches(annotation: string | undefined, profile: V1SeccompProfile | undefined, what: string, field: string): Errors {
  if (annotation === undefined || profile === undefined) return;
  const local = annotation.startsWith('localhost/');
  const matching: Readonly<Record<string, boolean>> = {
    Unconfined: annotation === 'unconfined',
    RuntimeDefault: annotation === 'runtime/default' || (what === 'seccomp' && annotation === 'docker/default'),
    Localhost: local,
  };
  if (matching[profile.type] === false) yield forbidden(`${field}.type`, `${what} type in annotation and field must match`);
  else if (profile.type === 'Localhost' && annotation.slice('localhost/'.length) !== profile.localhostProfile) {
    yield forbidden(`${field}.localhostProfile`, `${what} profile in annotation and field must match`);
  }
}
