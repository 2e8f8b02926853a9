/** Volumes of pods. */
import { duplicate, forbidden, invalid, required } from '../field-errors.ts';
import type {
  V1ConfigMapVolumeSource,
  V1EphemeralVolumeSource,
  V1ImageVolumeSource,
  V1ObjectMeta,
  V1SecretVolumeSource,
  V1Volume,
} from '../generated/types.ts';
import { nameIsDnsSubdomain } from '../names.ts';
import { quantityOf } from '../quantity.ts';
import { quote } from '../text.ts';
import { validateDownwardFile, validateProjected } from './projected-volume.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, requiredOneOf, requiredText } from './errors.ts';
import { validateClaimTemplate } from './persistent-volume-claim.ts';
import { validateKeyPaths } from './key-paths.ts';
import { fileMode } from './paths.ts';
import type { VolumeType } from './volume-sources.ts';
import * as sources from './volume-sources.ts';

export interface VolumeContext {
  readonly volumeName: string;
  /** The pod's metadata; undefined in a template. */
  readonly podMeta: V1ObjectMeta | undefined;
}

export const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

const { needs } = sources;

const volumeTypes: readonly VolumeType<VolumeContext>[] = [
  { name: 'emptyDir', validate: validateEmptyDir },
  { name: 'hostPath', validate: sources.hostPath },
  { name: 'gitRepo', validate: sources.gitRepo },
  { name: 'gcePersistentDisk', spelled: 'persistentDisk', validate: withPartition('pdName') },
  { name: 'awsElasticBlockStore', validate: withPartition('volumeID') },
  { name: 'secret', validate: validateSecret },
  { name: 'nfs', validate: sources.nfs },
  { name: 'iscsi', validate: (source, field) => sources.iscsi(source, field) },
  { name: 'glusterfs', validate: needs('endpoints', 'path') },
  { name: 'flocker', validate: sources.flocker },
  { name: 'persistentVolumeClaim', validate: needs('claimName') },
  { name: 'rbd', validate: needs('monitors', 'image') },
  { name: 'cinder', validate: withSecret('volumeID') },
  { name: 'cephfs', spelledWhenSecond: 'cephFS', validate: needs('monitors') },
  { name: 'quobyte', validate: sources.quobyte },
  { name: 'downwardAPI', spelledWhenSecond: 'downwarAPI', validate: validateDownward },
  { name: 'fc', validate: sources.fc },
  { name: 'flexVolume', validate: sources.flexVolume },
  { name: 'configMap', validate: validateConfigMap },
  { name: 'azureFile', validate: needs('secretName', 'shareName') },
  { name: 'vsphereVolume', validate: needs('volumePath') },
  { name: 'photonPersistentDisk', validate: needs('pdID') },
  { name: 'portworxVolume', validate: needs('volumeID') },
  { name: 'azureDisk', validate: sources.azureDisk },
  { name: 'storageos', validate: validateStorageOs },
  { name: 'projected', validate: validateProjected },
  { name: 'scaleIO', validate: needs('gateway', 'system', 'volumeName') },
  { name: 'csi', validate: sources.csi },
  { name: 'ephemeral', validate: validateEphemeral },
  { name: 'image', validate: validateImage },
];

/** Volumes that are valid, by name: what containers may mount. */
export type Volumes = ReadonlyMap<string, V1Volume>;

export function* validateVolumes(volumes: readonly V1Volume[], podMeta: V1ObjectMeta | undefined, field: string, valid: Map<string, V1Volume>): Errors {
  const made = new Set<string>();
  if (podMeta?.name) for (const { name, ephemeral } of volumes) if (ephemeral) made.add(`${podMeta.name}-${name}`);
  for (const [index, volume] of volumes.entries()) {
    const at = `${field}[${index}]`;
    const errors = [...validateVolume(volume, podMeta, at)];
    if (valid.has(volume.name ?? '')) errors.push(duplicate(`${at}.name`, volume.name));
    if (errors.length === 0) valid.set(volume.name, volume);
    yield* errors;
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && made.has(claim)) {
      yield invalid(`${at}.persistentVolumeClaim.claimName`, claim, 'must not reference a PVC that gets created for an ephemeral volume');
    }
  }
}

function* validateVolume(volume: V1Volume, podMeta: V1ObjectMeta | undefined, field: string): Errors {
  yield* sources.oneVolumeType(volumeTypes, volume, field, { volumeName: volume.name ?? '', podMeta });
  if (volume.iscsi) yield* sources.iscsiNameLength(volume.iscsi, volume.name ?? '', `${field}.name`, volume.name ?? '');
  if (volume.name) yield* dnsLabel(`${field}.name`, volume.name);
  else yield required(`${field}.name`);
}

function* validateEmptyDir(source: { readonly sizeLimit?: string }, field: string): Errors {
  if (quantityOf(source.sizeLimit).nanos < 0n) yield forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
}

function withPartition(name: string): VolumeType<unknown>['validate'] {
  return function* validate(source, field) {
    yield* needs<any>(name)(source, field);
    yield* sources.partitioned(source, field);
  };
}

function withSecret(name: string): VolumeType<unknown>['validate'] {
  return function* validate(source, field) {
    yield* needs<any>(name)(source, field);
    yield* sources.secretRefName(source.secretRef, field);
  };
}

function* validateStorageOs(source: NonNullable<V1Volume['storageos']>, field: string): Errors {
  yield* sources.storageOs(source, field);
  yield* sources.secretRefName(source.secretRef, field);
}

function* validateSecret(source: V1SecretVolumeSource, field: string): Errors {
  yield* requiredText(`${field}.secretName`, source.secretName);
  yield* fileMode(`${field}.defaultMode`, source.defaultMode);
  yield* validateKeyPaths(source.items ?? [], `${field}.items`);
}

function* validateConfigMap(source: V1ConfigMapVolumeSource, field: string): Errors {
  yield* requiredText(`${field}.name`, source.name);
  yield* fileMode(`${field}.defaultMode`, source.defaultMode);
  yield* validateKeyPaths(source.items ?? [], `${field}.items`);
}

function* validateDownward(source: NonNullable<V1Volume['downwardAPI']>, field: string): Errors {
  yield* fileMode(`${field}.defaultMode`, source.defaultMode);
  for (const file of source.items ?? []) yield* validateDownwardFile(file, field);
}

function* validateEphemeral(source: V1EphemeralVolumeSource, field: string, { volumeName, podMeta }: VolumeContext): Errors {
  if (source.volumeClaimTemplate === undefined) yield required(`${field}.volumeClaimTemplate`);
  else yield* validateClaimTemplate(source.volumeClaimTemplate, `${field}.volumeClaimTemplate`);
  if (!podMeta?.name || volumeName === '') return;
  const claimName = `${podMeta.name}-${volumeName}`;
  const volumeField = field.slice(0, -'.ephemeral'.length);
  for (const problem of nameIsDnsSubdomain(claimName, false)) yield invalid(`${volumeField}.name`, volumeName, `PVC name ${quote(claimName)}: ${problem}`);
}

function* validateImage(source: V1ImageVolumeSource, field: string, { podMeta }: VolumeContext): Errors {
  if (podMeta !== undefined) yield* requiredText(`${field}.reference`, source.reference);
  yield* requiredOneOf(`${field}.pullPolicy`, source.pullPolicy, pullPolicies);
}
