/** Persistent volumes (https://kubernetes.io/docs/concepts/storage/persistent-volumes/). */
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V1ISCSIPersistentVolumeSource, V1PersistentVolume, V1PersistentVolumeSpec } from '../generated/types.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from '../names.ts';
import { validateNodeSelector } from './affinity.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { dnsSubdomain, invalidFor, optionalOneOf, requiredText, unchanged } from './errors.ts';
import { noBacksteps } from './paths.ts';
import { validateAccessModes, volumeModes } from './persistent-volume-claim.ts';
import { validateBasicQuantity, validatePositiveQuantity } from './resources.ts';
import type { VolumeType } from './volume-sources.ts';
import * as sources from './volume-sources.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const { needs } = sources;

const volumeTypes: readonly VolumeType<V1PersistentVolume>[] = [
  { name: 'hostPath', validate: sources.hostPath },
  { name: 'gcePersistentDisk', spelled: 'persistentDisk', validate: also(needs<any>('pdName'), sources.partitioned) },
  { name: 'awsElasticBlockStore', validate: also(needs<any>('volumeID'), sources.partitioned) },
  { name: 'glusterfs', validate: also(needs<any>('endpoints', 'path'), glusterNamespace) },
  { name: 'flocker', validate: sources.flocker },
  { name: 'nfs', validate: sources.nfs },
  { name: 'rbd', validate: needs<any>('monitors', 'image') },
  { name: 'quobyte', validate: sources.quobyte },
  { name: 'cephfs', spelledWhenSecond: 'cephFS', validate: needs<any>('monitors') },
  { name: 'iscsi', validate: iscsi },
  { name: 'cinder', validate: also(needs<any>('volumeID'), (source, field) => sources.secretRefNameAndNamespace(source.secretRef, field)) },
  { name: 'fc', validate: sources.fc },
  { name: 'flexVolume', validate: sources.flexVolume },
  { name: 'azureFile', validate: also(needs<any>('secretName', 'shareName'), azureNamespace) },
  { name: 'vsphereVolume', validate: needs<any>('volumePath') },
  { name: 'photonPersistentDisk', validate: needs<any>('pdID') },
  { name: 'portworxVolume', validate: needs<any>('volumeID') },
  { name: 'azureDisk', validate: sources.azureDisk },
  { name: 'scaleIO', validate: needs<any>('gateway', 'system', 'volumeName') },
  { name: 'local', validate: local },
  { name: 'storageos', validate: also(sources.storageOs, (source: any, field) => sources.secretRefNameAndNamespace(source.secretRef, field)) },
  { name: 'csi', validate: sources.csiPersistent },
];

type SourceRule = (source: any, field: string) => Errors;

function also(first: SourceRule, second: SourceRule): SourceRule {
  return function* validate(source, field) {
    yield* first(source, field);
    yield* second(source, field);
  };
}

function* glusterNamespace({ endpointsNamespace: namespace }: { readonly endpointsNamespace?: string }, field: string): Errors {
  const at = `${field}.endpointsNamespace`;
  if (namespace === '') yield invalid(at, namespace, 'if the endpointnamespace is set, it must be a valid namespace name');
  else if (namespace !== undefined) yield* invalidFor(at, namespace, nameIsDnsLabel(namespace, false));
}

function* azureNamespace({ secretNamespace }: { readonly secretNamespace?: string }, field: string): Errors {
  if (secretNamespace !== undefined) yield* requiredText(`${field}.secretNamespace`, secretNamespace);
}

function* iscsi(source: V1ISCSIPersistentVolumeSource, field: string, { metadata }: V1PersistentVolume): Errors {
  yield* requiredText(`${field}.targetPortal`, source.targetPortal);
  yield* sources.iscsiNameLength(source, metadata?.name ?? '', `${field}.targetportal`, source.targetPortal ?? '');
  yield* sources.iscsiTarget(source, field, 'must be valid format');
  yield* sources.secretRefName(source.secretRef, field);
  if (source.initiatorName !== undefined) yield* sources.initiator(`${field}.initiatorname`, source.initiatorName, 'must be valid format');
}

function* local(source: { readonly path: string }, field: string, { spec }: V1PersistentVolume): Errors {
  if (source.path) yield* noBacksteps(`${field}.path`, source.path);
  else yield required(`${field}.path`);
  if (!spec?.nodeAffinity) yield required('spec.nodeAffinity', 'Local volume requires node affinity');
}

export function* validatePersistentVolume(volume: V1PersistentVolume): Errors {
  const { spec = {} } = volume;
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) yield required('spec.accessModes');
  yield* validateAccessModes(modes, 'spec.accessModes');
  yield* validateCapacity(spec.capacity ?? {});
  if (spec.persistentVolumeReclaimPolicy) yield* optionalOneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, reclaimPolicies);
  if (spec.nodeAffinity?.required) yield* validateNodeSelector(spec.nodeAffinity.required, 'spec.nodeAffinity.required');
  else if (spec.nodeAffinity) yield required('spec.nodeAffinity.required', 'must specify required node constraints');
  yield* sources.oneVolumeType(volumeTypes, spec, 'spec', volume);
  if (isRoot(spec.hostPath?.path) && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    yield forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'");
  }
  yield* validateClasses(spec);
}

function* validateCapacity(capacity: Readonly<Record<string, string>>): Errors {
  const names = Object.keys(capacity);
  if (names.length === 0) yield required('spec.capacity');
  if (!names.includes('storage') || names.length > 1) yield notSupported('spec.capacity', capacity, ['storage']);
  for (const [name, text] of Object.entries(capacity)) {
    yield* validateBasicQuantity(text, `spec.capacity[${name}]`);
    yield* validatePositiveQuantity(text, `spec.capacity[${name}]`);
  }
}

function isRoot(path: string | undefined): boolean {
  return path !== undefined && path !== '' && path.split('/').every((part) => part === '' || part === '.');
}

function* validateClasses(spec: V1PersistentVolumeSpec): Errors {
  if (spec.storageClassName) yield* invalidFor('spec.storageClassName', spec.storageClassName, nameIsDnsSubdomain(spec.storageClassName, false));
  yield* optionalOneOf('spec.volumeMode', spec.volumeMode, volumeModes);
  const attributesClass = spec.volumeAttributesClassName;
  if (attributesClass === undefined) return;
  if (attributesClass === '') yield required('spec.volumeAttributesClassName', 'an empty string is disallowed');
  else yield* dnsSubdomain('spec.volumeAttributesClassName', attributesClass);
  if (!spec.csi) yield required('spec.csi', 'has to be specified when using volumeAttributesClassName');
}

/** Labels of nodes that a volume's affinity may exchange for their newer names. */
const newerLabels: ReadonlyMap<string, string> = new Map(Object.entries({
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
}));

export function* validatePersistentVolumeUpdate(volume: V1PersistentVolume, old: V1PersistentVolume): Errors {
  yield* validatePersistentVolume(volume);
  const spec = volume.spec ?? {};
  const before = old.spec ?? {};
  const sourceChanged = volumeTypes.some(({ name }) => {
    const key = name as keyof V1PersistentVolumeSpec;
    return !equal(name === 'csi' ? csiWithoutNewSecret(spec, before) : spec[key], before[key]);
  });
  if (sourceChanged) yield forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation');
  yield* unchanged('volumeMode', spec.volumeMode, before.volumeMode);
  if (before.nodeAffinity && !equal(withNewerLabels(before.nodeAffinity), withNewerLabels(spec.nodeAffinity))) {
    yield invalid('nodeAffinity', spec.nodeAffinity ?? null, 'field is immutable, except for updating from beta label to GA');
  }
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    yield forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden');
  }
}

/** The secret for expansion may be given later. */
function csiWithoutNewSecret({ csi }: V1PersistentVolumeSpec, before: V1PersistentVolumeSpec): V1PersistentVolumeSpec['csi'] {
  if (!csi || !before.csi || before.csi.controllerExpandSecretRef) return csi;
  return { ...csi, controllerExpandSecretRef: undefined };
}

function withNewerLabels(affinity: V1PersistentVolumeSpec['nodeAffinity']): unknown {
  return affinity?.required?.nodeSelectorTerms?.map((term) => ({
    ...term,
    matchExpressions: term.matchExpressions?.map((one) => ({ ...one, key: newerLabels.get(one.key) ?? one.key })),
  }));
}
