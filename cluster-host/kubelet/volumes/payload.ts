/**
 * What configMap, secret, downwardAPI and projected volumes hold, as files (kubernetes.io/docs/concepts/storage/projected-volumes). Pure.
 */
import type { V1ConfigMap, V1DownwardAPIVolumeFile, V1KeyToPath, V1Pod, V1Secret, V1Volume } from '../../api/generated/types.ts';
import { commonUser } from '../containers/security.ts';
import { fieldValue, type NodeFacts, resourceValue } from '../containers/field-values.ts';
import type { PodSources } from '../containers/environment.ts';
import { secretBytes } from '../containers/secret-data.ts';

export interface VolumeFile {
  readonly content: Uint8Array;
  readonly mode: number;
  /** Uid of who owns it; left out: the kubelet. */
  readonly owner?: number;
}

/** By path inside the volume. */
export type VolumeFiles = ReadonlyMap<string, VolumeFile>;

export interface PayloadInput {
  readonly pod: V1Pod;
  readonly sources: PodSources;
  readonly facts: NodeFacts;
  /** The token of a projected source, by audience and lifetime; fetched before. */
  token(audience: string | undefined, expirationSeconds: number): string | undefined;
}

export type Payload = { readonly files: VolumeFiles } | { readonly problem: string };

const defaultFileMode = 0o644;

export function isPayloadVolume(volume: V1Volume): boolean {
  return volume.configMap !== undefined || volume.secret !== undefined || volume.downwardAPI !== undefined || volume.projected !== undefined;
}

export function payloadOf(volume: V1Volume, input: PayloadInput): Payload {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return configMapFiles(configMap.name ?? '', configMap.items, configMap.optional, configMap.defaultMode ?? defaultFileMode, input);
  if (secret !== undefined) return secretFiles(secret.secretName ?? '', secret.items, secret.optional, secret.defaultMode ?? defaultFileMode, input);
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI.items, downwardAPI.defaultMode ?? defaultFileMode, input);
  return projectedFiles(projected?.sources ?? [], projected?.defaultMode ?? defaultFileMode, input);
}

type ProjectedSource = NonNullable<NonNullable<V1Volume['projected']>['sources']>[number];

/** Later sources win over earlier ones. */
function projectedFiles(sources: readonly ProjectedSource[], mode: number, input: PayloadInput): Payload {
  const files = new Map<string, VolumeFile>();
  for (const source of sources) {
    const part = projectedPart(source, mode, input);
    if ('problem' in part) return part;
    for (const [path, file] of part.files) files.set(path, file);
  }
  return { files };
}

function projectedPart(source: ProjectedSource, mode: number, input: PayloadInput): Payload {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap !== undefined) return configMapFiles(configMap.name ?? '', configMap.items, configMap.optional, mode, input);
  if (secret !== undefined) return secretFiles(secret.name ?? '', secret.items, secret.optional, mode, input);
  if (downwardAPI !== undefined) return downwardFiles(downwardAPI.items, mode, input);
  if (serviceAccountToken !== undefined) {
    const { audience, expirationSeconds = defaultTokenSeconds, path } = serviceAccountToken;
    const token = input.token(audience, expirationSeconds);
    if (token === undefined) return { problem: 'failed to fetch token' };
    // Only whom the containers run as may read it (KEP 1205), where that is known.
    const owner = commonUser(input.pod);
    const isPrivate = owner !== undefined || input.pod.spec?.securityContext?.fsGroup !== undefined;
    return { files: new Map([[path, { content: new TextEncoder().encode(token), mode: isPrivate ? 0o600 : mode, ...(owner === undefined ? {} : { owner }) }]]) };
  }
  return { problem: 'projected sources other than configMap, secret, downwardAPI and serviceAccountToken are not supported' };
}

export const defaultTokenSeconds = 3600;

function configMapFiles(name: string, items: readonly V1KeyToPath[] | undefined, optional: boolean | undefined, mode: number, { sources }: PayloadInput): Payload {
  const object = sources.configMap(name);
  if (object === undefined) return optional === true ? empty : { problem: `configmap "${name}" not found` };
  return chosen(configMapContent(object), items, optional, mode, `configmap references non-existent config key: `);
}

function secretFiles(name: string, items: readonly V1KeyToPath[] | undefined, optional: boolean | undefined, mode: number, { sources }: PayloadInput): Payload {
  const object = sources.secret(name);
  if (object === undefined) return optional === true ? empty : { problem: `secret "${name}" not found` };
  return chosen(secretContent(object), items, optional, mode, `references non-existent secret key: `);
}

const empty: Payload = { files: new Map() };

function configMapContent({ data = {}, binaryData = {} }: V1ConfigMap): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  return new Map([...Object.entries(data).map(([key, text]) => [key, encoder.encode(text)] as const), ...Object.entries(binaryData).map(([key, base64]) => [key, secretBytes(base64)] as const)]);
}

function secretContent({ data = {} }: V1Secret): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(data).map(([key, base64]) => [key, secretBytes(base64)]));
}

function chosen(content: ReadonlyMap<string, Uint8Array>, items: readonly V1KeyToPath[] | undefined, optional: boolean | undefined, mode: number, problem: string): Payload {
  if (items === undefined || items.length === 0) return { files: new Map([...content].map(([key, bytes]) => [key, { content: bytes, mode }])) };
  const files = new Map<string, VolumeFile>();
  for (const item of items) {
    const bytes = content.get(item.key);
    if (bytes !== undefined) files.set(item.path, { content: bytes, mode: item.mode ?? mode });
    else if (optional !== true) return { problem: problem + item.key };
  }
  return { files };
}

function downwardFiles(items: readonly V1DownwardAPIVolumeFile[] | undefined, mode: number, { pod, facts }: PayloadInput): Payload {
  const files = new Map<string, VolumeFile>();
  for (const item of items ?? []) {
    const text = item.fieldRef === undefined ? item.resourceFieldRef && resourceValue(pod, item.resourceFieldRef, undefined, facts) : fieldValue(pod, item.fieldRef.fieldPath, facts);
    if (text === undefined) return { problem: `unsupported field reference of downwardAPI file "${item.path}"` };
    files.set(item.path, { content: new TextEncoder().encode(text), mode: item.mode ?? mode });
  }
  return { files };
}
