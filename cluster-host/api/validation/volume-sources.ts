/** What each type of volume needs. Types that pods and persistent volumes share stand here once. */
import { forbidden, invalid, notSupported, required, tooLong } from '../field-errors.ts';
import type {
  V1AzureDiskVolumeSource,
  V1CSIPersistentVolumeSource,
  V1CSIVolumeSource,
  V1FCVolumeSource,
  V1FlexVolumeSource,
  V1FlockerVolumeSource,
  V1HostPathVolumeSource,
  V1ISCSIVolumeSource,
  V1NFSVolumeSource,
  V1QuobyteVolumeSource,
  V1SecretReference,
  V1StorageOSVolumeSource,
} from '../generated/types.ts';
import { checkDnsLabel, checkDnsSubdomain, nameIsDnsSubdomain, rangeMessage } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, dnsSubdomain, invalidFor, optionalOneOf, requiredText } from './errors.ts';
import { descendingPath, noBacksteps } from './paths.ts';

/** A source that only needs some of its fields to be there. */
export function needs<T extends object>(...names: readonly (keyof T & string)[]): (source: T, field: string) => Errors {
  return function* validate(source, field) {
    for (const name of names) {
      const value: unknown = source[name];
      if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) yield required(`${field}.${name}`);
    }
  };
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function* hostPath(source: V1HostPathVolumeSource, field: string): Errors {
  if (!source.path) {
    yield required(`${field}.path`);
    return;
  }
  yield* noBacksteps(`${field}.path`, source.path);
  yield* optionalOneOf(`${field}.type`, source.type, hostPathTypes);
}

export function* gitRepo(source: { readonly repository: string; readonly directory?: string }, field: string): Errors {
  yield* requiredText(`${field}.repository`, source.repository);
  yield* descendingPath(`${field}.directory`, source.directory ?? '');
}

export function* partitioned(source: { readonly partition?: number }, field: string): Errors {
  const { partition = 0 } = source;
  if (partition < 0 || partition > 255) yield invalid(`${field}.partition`, partition, rangeMessage(1, 255));
}

export function* nfs(source: V1NFSVolumeSource, field: string): Errors {
  yield* needs<V1NFSVolumeSource>('server', 'path')(source, field);
  if (!(source.path ?? '').startsWith('/')) yield invalid(`${field}.path`, source.path ?? '', 'must be an absolute path');
}

export function* secretRefName(reference: { readonly name?: string } | undefined, field: string): Errors {
  if (reference !== undefined) yield* requiredText(`${field}.secretRef.name`, reference.name);
}

export function* secretRefNameAndNamespace(reference: V1SecretReference | undefined, field: string): Errors {
  yield* secretRefName(reference, field);
  if (reference !== undefined) yield* requiredText(`${field}.secretRef.namespace`, reference.namespace);
}

const initiatorFormats: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

/** The name of an iSCSI target or initiator; `unknownDetail` is said of one that starts with none of the three prefixes. */
export function* initiator(field: string, name: string, unknownDetail: string): Errors {
  const format = initiatorFormats[name.slice(0, 3)];
  if (format === undefined) yield invalid(field, name, unknownDetail);
  else if (!format.test(name)) yield invalid(field, name, 'must be valid format');
}

type Iscsi = Omit<V1ISCSIVolumeSource, 'secretRef'> & { readonly secretRef?: object };

export function* iscsi(source: Iscsi, field: string, unknownDetail = 'must be valid format starting with iqn, eui, or naa'): Errors {
  yield* requiredText(`${field}.targetPortal`, source.targetPortal);
  yield* iscsiTarget(source, field, unknownDetail);
  if (source.initiatorName !== undefined) yield* initiator(`${field}.initiatorname`, source.initiatorName, unknownDetail);
}

export function* iscsiTarget(source: Iscsi, field: string, unknownDetail: string): Errors {
  if (source.iqn) yield* initiator(`${field}.iqn`, source.iqn, unknownDetail);
  else yield required(`${field}.iqn`);
  yield* lun(source.lun ?? 0, field);
  if ((source.chapAuthDiscovery === true || source.chapAuthSession === true) && source.secretRef === undefined) yield required(`${field}.secretRef`);
}

function* lun(value: number, field: string): Errors {
  if (value < 0 || value > 255) yield invalid(`${field}.lun`, value, rangeMessage(0, 255));
}

/** The volume's name and the portal become one name on the node. */
export function* iscsiNameLength(source: Iscsi, volumeName: string, field: string, value: string): Errors {
  if (source.initiatorName === undefined || byteLength(`${volumeName}:${source.targetPortal}`) <= 64) return;
  yield invalid(field, value, 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.');
}

export function* fc({ targetWWNs = [], wwids = [], lun: unit }: V1FCVolumeSource, field: string): Errors {
  const at = `${field}.targetWWNs`;
  if (targetWWNs.length + wwids.length === 0) yield required(at, 'must specify either targetWWNs or wwids, but not both');
  if (targetWWNs.length > 0 && wwids.length > 0) yield invalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously');
  if (targetWWNs.length === 0) return;
  if (unit === undefined) yield required(`${field}.lun`, 'lun is required if targetWWNs is specified');
  else yield* lun(unit, field);
}

export function* quobyte({ registry, tenant, volume }: V1QuobyteVolumeSource, field: string): Errors {
  const detail = 'must be a host:port pair or multiple pairs separated by commas';
  if (!registry) yield required(`${field}.registry`, detail);
  else if (byteLength(tenant ?? '') >= 65) yield required(`${field}.tenant`, 'must be a UUID and may not exceed a length of 64 characters');
  else {
    for (const pair of registry.split(',')) if (!/^(?:[^:]*|\[[^\]]*\]):[^:]*$/.test(pair)) yield invalid(`${field}.registry`, registry, detail);
  }
  yield* requiredText(`${field}.volume`, volume);
}

export function* flocker({ datasetName = '', datasetUUID = '' }: V1FlockerVolumeSource, field: string): Errors {
  if (datasetName === '' && datasetUUID === '') yield required(field, 'one of datasetName and datasetUUID is required');
  if (datasetName !== '' && datasetUUID !== '') yield invalid(field, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
  if (datasetName.includes('/')) yield invalid(`${field}.datasetName`, datasetName, "must not contain '/'");
}

export function* flexVolume({ driver, options = {} }: Pick<V1FlexVolumeSource, 'driver' | 'options'>, field: string): Errors {
  yield* requiredText(`${field}.driver`, driver);
  for (const key of Object.keys(options)) {
    const namespace = `.${(key.split('/').length > 1 ? (key.split('/')[0] ?? '') : key).toLowerCase()}`;
    if (namespace.endsWith('.kubernetes.io') || namespace.endsWith('.k8s.io')) {
      yield invalid(`${field}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved');
    }
  }
}

export function* azureDisk(source: V1AzureDiskVolumeSource, field: string): Errors {
  yield* needs<V1AzureDiskVolumeSource>('diskName', 'diskURI')(source, field);
  yield* optionalOneOf(`${field}.cachingMode`, source.cachingMode, ['None', 'ReadOnly', 'ReadWrite']);
  yield* optionalOneOf(`${field}.kind`, source.kind, ['Dedicated', 'Managed', 'Shared']);
  if (source.kind === undefined) return;
  const [start, example] =
    source.kind === 'Managed'
      ? ['/subscriptions/', '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']
      : ['https://', 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'];
  if (!(source.diskURI ?? '').startsWith(start)) yield notSupported(`${field}.diskURI`, source.diskURI ?? '', [example]);
}

export function* storageOs(source: Omit<V1StorageOSVolumeSource, 'secretRef'>, field: string): Errors {
  if (source.volumeName) yield* dnsLabel(`${field}.volumeName`, source.volumeName);
  else yield required(`${field}.volumeName`);
  if (source.volumeNamespace) yield* dnsLabel(`${field}.volumeNamespace`, source.volumeNamespace);
}

export function* csiDriverName(field: string, name: string): Errors {
  if (name === '') yield required(field);
  if (byteLength(name) > 63) yield tooLong(field, 63);
  yield* invalidFor(field, name, checkDnsSubdomain(name.toLowerCase()));
}

export function* csi(source: V1CSIVolumeSource, field: string): Errors {
  yield* csiDriverName(`${field}.driver`, source.driver ?? '');
  const reference = source.nodePublishSecretRef;
  if (reference === undefined) return;
  if (!reference.name) yield required(`${field}.nodePublishSecretRef.name`);
  else yield* invalidFor(`${field}.name`, reference.name, nameIsDnsSubdomain(reference.name, false));
}

export function* csiPersistent(source: V1CSIPersistentVolumeSource, field: string): Errors {
  yield* csiDriverName(`${field}.driver`, source.driver ?? '');
  yield* requiredText(`${field}.volumeHandle`, source.volumeHandle);
  for (const name of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const) {
    const reference = source[name];
    if (reference !== undefined) yield* secretReference(`${field}.${name}`, reference);
  }
}

function* secretReference(field: string, { name, namespace }: V1SecretReference): Errors {
  if (name) yield* dnsSubdomain(`${field}.name`, name);
  else yield required(`${field}.name`);
  if (namespace) yield* invalidFor(`${field}.namespace`, namespace, checkDnsLabel(namespace));
  else yield required(`${field}.namespace`);
}

/** One row a volume type: its name, and what is checked in it. */
export interface VolumeType<C> {
  readonly name: string;
  /** How Kubernetes spells the field in errors about what is in it, where that is not its name. */
  readonly spelled?: string;
  /** How it spells the field when a volume has another type already. */
  readonly spelledWhenSecond?: string;
  validate(source: any, field: string, context: C): Errors;
}

/** Exactly one type; of several, the first of the table is checked and the others are refused. */
export function* oneVolumeType<C>(types: readonly VolumeType<C>[], volume: object, field: string, context: C): Errors {
  const given = types.filter(({ name }) => (volume as Readonly<Record<string, unknown>>)[name] !== undefined);
  for (const [index, type] of given.entries()) {
    const source: unknown = (volume as Readonly<Record<string, unknown>>)[type.name];
    if (index > 0) yield forbidden(`${field}.${type.spelledWhenSecond ?? type.name}`, 'may not specify more than 1 volume type');
    else yield* type.validate(source, `${field}.${type.spelled ?? type.name}`, context);
  }
  if (given.length === 0) yield required(field, 'must specify a volume type');
}
