/**
 * The volumes of one pod: gets their content together, has it written, and says where containers find it.
 *
 * Level-based: `prepare` may be called again whenever a source changed; what is the same stays untouched.
 */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod, V1Volume } from '../../api/generated/types.ts';
import { quantityOf, quantityValue } from '../../api/quantity.ts';
import type { PodSources } from '../containers/environment.ts';
import type { NodeFacts } from '../containers/field-values.ts';
import type { MemoryVolume, Mount } from '../runtime/runtime.ts';
import { namespaceOf, uidOf } from '../pods/pod-facts.ts';
import { defaultTokenSeconds, isPayloadVolume, payloadOf } from './payload.ts';
import type { PodFiles } from './pod-files.ts';
import type { ServiceAccountTokens } from './tokens.ts';

/** Where a volume is, for mounts. */
export interface PreparedVolume {
  readonly source: Mount['source'];
  readonly readOnly: boolean;
}

export type PreparedVolumes = ReadonlyMap<string, PreparedVolume>;

export interface VolumeSources extends PodSources {
  claim(name: string): V1PersistentVolumeClaim | undefined;
  persistentVolume(name: string): V1PersistentVolume | undefined;
}

export interface VolumesInput {
  readonly pod: V1Pod;
  readonly sources: VolumeSources;
  readonly facts: NodeFacts;
  readonly files: PodFiles;
  readonly tokens: ServiceAccountTokens;
}

/** What kept a volume from being there; the kubelet tells it as `FailedMount`. */
export class VolumeError extends Error {
  readonly volume: string;
  constructor(volume: string, message: string) {
    super(message);
    this.name = 'VolumeError';
    this.volume = volume;
  }
}

/** Rejects with the first `VolumeError`. */
export async function prepareVolumes(input: VolumesInput): Promise<PreparedVolumes> {
  const entries = (input.pod.spec?.volumes ?? []).map(async (volume) => [volume.name, await prepare(volume, input)] as const);
  return new Map(await Promise.all(entries));
}

/** File systems in memory that the pod's sandbox has to hold. */
export function memoryVolumes(pod: V1Pod): readonly MemoryVolume[] {
  return (pod.spec?.volumes ?? []).filter(isMemoryVolume).map(({ name, emptyDir }) => ({
    name,
    ...(emptyDir?.sizeLimit === undefined ? {} : { sizeLimit: quantityValue(quantityOf(emptyDir.sizeLimit)) }),
    ...(pod.spec?.securityContext?.fsGroup === undefined ? {} : { group: pod.spec.securityContext.fsGroup }),
  }));
}

function isMemoryVolume({ emptyDir }: V1Volume): boolean {
  return emptyDir?.medium === 'Memory';
}

async function prepare(volume: V1Volume, input: VolumesInput): Promise<PreparedVolume> {
  const { pod, files } = input;
  const ownership = { group: pod.spec?.securityContext?.fsGroup };
  if (isMemoryVolume(volume)) return { source: { memoryVolume: volume.name }, readOnly: false };
  if (volume.emptyDir !== undefined) return onDisk(await files.emptyFolder(uidOf(pod), volume.name, ownership));
  if (isPayloadVolume(volume)) {
    await fetchTokens(volume, input);
    const payload = payloadOf(volume, { ...input, token: (audience, seconds) => input.tokens.current(pod, audience, seconds) });
    if ('problem' in payload) throw new VolumeError(volume.name, payload.problem);
    return onDisk(await files.payload(uidOf(pod), pluginOf(volume), volume.name, payload.files, ownership), true);
  }
  if (volume.hostPath !== undefined) return hostPath(volume.name, volume.hostPath.path, volume.hostPath.type ?? '', files);
  if (volume.persistentVolumeClaim !== undefined) return claimed(volume.name, volume.persistentVolumeClaim.claimName, volume.persistentVolumeClaim.readOnly === true, input);
  if (volume.ephemeral !== undefined) return claimed(volume.name, `${pod.metadata?.name}-${volume.name}`, false, input);
  throw unsupported(volume.name, volume);
}

function onDisk(path: string, readOnly = false): PreparedVolume {
  return { source: { hostPath: path }, readOnly };
}

function pluginOf({ configMap, secret, downwardAPI }: V1Volume): string {
  if (configMap !== undefined) return 'configmap';
  if (secret !== undefined) return 'secret';
  return downwardAPI === undefined ? 'projected' : 'downward-api';
}

async function fetchTokens(volume: V1Volume, { pod, tokens }: VolumesInput): Promise<void> {
  for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
    if (serviceAccountToken === undefined) continue;
    try {
      await tokens.fetch(pod, serviceAccountToken.audience, serviceAccountToken.expirationSeconds ?? defaultTokenSeconds);
    } catch (error) {
      throw new VolumeError(volume.name, `failed to fetch token: ${(error as Error).message}`);
    }
  }
}

async function hostPath(name: string, path: string, type: string, files: PodFiles): Promise<PreparedVolume> {
  const problem = await files.hostPath(path, type);
  if (problem !== undefined) throw new VolumeError(name, problem);
  return onDisk(path);
}

async function claimed(name: string, claimName: string, readOnly: boolean, { pod, sources, files }: VolumesInput): Promise<PreparedVolume> {
  const claim = sources.claim(claimName);
  if (claim === undefined) throw new VolumeError(name, `error processing PVC ${namespaceOf(pod)}/${claimName}: failed to fetch PVC from API server: persistentvolumeclaims "${claimName}" not found`);
  const volumeName = claim.spec?.volumeName;
  if (claim.status?.phase !== 'Bound' || volumeName === undefined) throw new VolumeError(name, `error processing PVC ${namespaceOf(pod)}/${claimName}: PVC is not bound`);
  const volume = sources.persistentVolume(volumeName);
  if (volume === undefined) throw new VolumeError(name, `failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`);
  const { hostPath: host, local } = volume.spec ?? {};
  if (host === undefined && local === undefined) throw unsupported(name, volume.spec ?? {});
  // A volume of type "local" must be there; a hostPath volume is made as its type says.
  const prepared = await hostPath(name, host?.path ?? local?.path ?? '', host === undefined ? 'Directory' : host.type || 'DirectoryOrCreate', files);
  return { ...prepared, readOnly };
}

const neverPlugins = new Set(['name', 'capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeMode', 'mountOptions', 'nodeAffinity', 'volumeAttributesClassName']);

function unsupported(name: string, holder: object): VolumeError {
  const plugin = Object.keys(holder).find((field) => !neverPlugins.has(field)) ?? 'unknown';
  return new VolumeError(name, `volume type ${plugin} is not supported by this node`);
}
