/** What a check of the Pod Security Standards is (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and the words that its findings are made of. */
import type { V1Container, V1EphemeralContainer, V1ObjectMeta, V1PodSecurityContext, V1PodSpec, V1SecurityContext } from '../generated/types.ts';

export interface PodLike {
  readonly metadata: V1ObjectMeta;
  readonly spec: V1PodSpec;
}

export interface Finding {
  readonly reason: string;
  readonly detail: string;
}

export interface Check {
  /** The first minor version of Kubernetes 1 whose policy has the check. */
  readonly since: number;
  find(pod: PodLike): Finding | undefined;
}

export type AnyContainer = V1Container | V1EphemeralContainer;

/** In the order in which findings name them. */
export function containersOf({ initContainers = [], containers = [], ephemeralContainers = [] }: V1PodSpec): readonly AnyContainer[] {
  return [...initContainers, ...containers, ...ephemeralContainers];
}

export function quoted(texts: Iterable<string>): string {
  return [...texts].map((text) => `"${text}"`).join(', ');
}

/** The values once each, in order. */
export function sortedSet(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].toSorted();
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** `container "a"`, `containers "a", "b"`. */
export function containersText(containers: readonly { readonly name: string }[]): string {
  return `${plural('container', containers.length)} ${quoted(containers.map(({ name }) => name))}`;
}

/** The fields that a pod's and a container's security context have in common. */
export type AnySecurityContext = V1PodSecurityContext | V1SecurityContext;

/** Who sets a bad value, pod and containers: `pod and container "a"`; undefined when nobody does. */
export function settersText(spec: V1PodSpec, isBad: (context: AnySecurityContext) => boolean): string | undefined {
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext !== undefined && isBad(securityContext));
  const setters = [...(spec.securityContext !== undefined && isBad(spec.securityContext) ? ['pod'] : []), ...(bad.length > 0 ? [containersText(bad)] : [])];
  return setters.length === 0 ? undefined : setters.join(' and ');
}

/** What pod and containers set of one field of the security context. */
export function valuesOf<T>(spec: V1PodSpec, read: (context: AnySecurityContext) => T | undefined): readonly T[] {
  const contexts = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)];
  return contexts.map((context) => (context === undefined ? undefined : read(context))).filter((value) => value !== undefined);
}

export function isWindows({ os }: V1PodSpec): boolean {
  return os?.name === 'windows';
}
