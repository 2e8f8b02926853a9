/** What the server itself writes into `metadata`, whatever the kind. */
import type { V1ObjectMeta } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Random } from '../../platform/platform.ts';

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The object's metadata, made where it is missing. */
export function metadataOf(object: KubeObject): V1ObjectMeta {
  return (object.metadata ??= {});
}

/** Gives a new object its identity; what a client may not set is overwritten. */
export function fillNewMetadata(object: KubeObject, namespace: string, now: number, random: Random): void {
  const metadata = metadataOf(object);
  delete metadata.resourceVersion;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.generation;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = timestamp(now);
  if (namespace === '') delete metadata.namespace;
  else metadata.namespace = namespace;
}

/** An update keeps who the object is and where it stands on its way out. */
export function carryOverMetadata(object: KubeObject, old: KubeObject): void {
  const metadata = metadataOf(object);
  const before = metadataOf(old);
  delete metadata.selfLink;
  metadata.uid ??= before.uid;
  if (metadata.uid === '') metadata.uid = before.uid;
  for (const field of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'namespace'] as const) {
    if (before[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: before[field] });
  }
}

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const longestGeneratedName = 63;
const suffixLength = 5;

/** `base` and five random characters, cut to the length of a DNS label. */
export function generatedName(base: string, random: Random): string {
  const suffix = Array.from({ length: suffixLength }, () => suffixAlphabet[Math.floor(random.float() * suffixAlphabet.length)]).join('');
  return base.slice(0, longestGeneratedName - suffixLength) + suffix;
}
