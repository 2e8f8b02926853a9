/** What storage drivers tell the cluster about themselves (kubernetes-csi.github.io/docs). */
import type { V1CSIDriver, V1CSINode, V1CSINodeDriver, V1CSIStorageCapacity, V1VolumeAttachment, V1VolumeAttributesClass } from '../generated/types.ts';
import { duplicate, forbidden, invalid, required, tooLong } from '../field-errors.ts';
import { checkDnsSubdomain, checkQualifiedName } from '../names.ts';
import { byteLength } from '../text.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, nonNegative, oneOf, qualifiedName, unchanged } from '../validation/errors.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { validateBasicQuantity } from '../validation/resources.ts';
import { csiDriverName } from '../validation/volume-sources.ts';
import type { Cell } from './columns.ts';
import { ageColumn, count, text, unset } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { validateParameters } from './storage-class.ts';

const group = 'storage.k8s.io';
const driverNameLimit = 63;
const nodeIdLimit = 192;
const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;

const flag = (name: string, description: string, cell: (object: V1CSIDriver) => boolean | undefined) => ({
  head: { name, type: 'boolean' as const, description, priority: 0 },
  cell: (object: V1CSIDriver): Cell => cell(object) ?? false,
});

function* validateDriverName(field: string, name: string): Errors {
  if (name === '') yield required(field);
  else yield* invalidFor(field, name, checkQualifiedName(name.toLowerCase()));
}

export const csiDriver = defineKind<V1CSIDriver>({
  group,
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  generationOf: ['spec'],
  setDefaults({ spec }) {
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ['Persistent'];
  },
  validate: validateDriver,
  *validateUpdate(object, old) {
    yield* validateDriver(object);
    yield* unchanged('spec.attachRequired', object.spec.attachRequired, old.spec.attachRequired);
    yield* unchanged('spec.volumeLifecycleModes', object.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes);
  },
  columns: [
    flag('AttachRequired', 'Whether volumes are attached to nodes first.', ({ spec }) => spec.attachRequired),
    flag('PodInfoOnMount', 'Whether mounting is told about the pod.', ({ spec }) => spec.podInfoOnMount),
    flag('StorageCapacity', 'Whether scheduling considers its capacity.', ({ spec }) => spec.storageCapacity),
    text('TokenRequests', 'Audiences of the tokens that it is given.', ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? unset),
    flag('RequiresRepublish', 'Whether volumes are published again and again.', ({ spec }) => spec.requiresRepublish),
    text('Modes', 'Life cycles of volumes.', ({ spec }) => spec.volumeLifecycleModes?.join(',') ?? unset),
    ageColumn,
  ],
});

function* validateDriver({ metadata, spec }: V1CSIDriver): Errors {
  yield* csiDriverName('metadata.name', metadata?.name ?? '');
  for (const [index, mode] of (spec.volumeLifecycleModes ?? []).entries()) yield* oneOf(`spec.volumeLifecycleModes[${index}]`, mode, ['Ephemeral', 'Persistent']);
  if (spec.fsGroupPolicy !== undefined) yield* oneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType']);
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds }] of (spec.tokenRequests ?? []).entries()) {
    const field = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) yield duplicate(`${field}.audience`, audience);
    audiences.add(audience);
    if (expirationSeconds === undefined) continue;
    if (expirationSeconds < minTokenSeconds) yield invalid(`${field}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes');
    if (expirationSeconds > maxTokenSeconds) yield invalid(`${field}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  }
}

export const csiNode = defineKind<V1CSINode>({
  group,
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  validate: ({ spec }) => validateNodeDrivers(spec.drivers),
  *validateUpdate({ spec }, old) {
    yield* validateNodeDrivers(spec.drivers);
    for (const driver of old.spec.drivers) {
      const next = spec.drivers.find(({ name }) => name === driver.name);
      if (next !== undefined && !equal(next, driver)) yield invalid('spec.drivers', spec.drivers, 'field is immutable');
    }
  },
  columns: [count('Drivers', 'How many drivers run on the node.', ({ spec }) => spec.drivers.length), ageColumn],
});

function* validateNodeDrivers(drivers: readonly V1CSINodeDriver[]): Errors {
  const names = new Set<string>();
  for (const [index, driver] of drivers.entries()) {
    const field = `spec.drivers[${index}]`;
    yield* csiDriverName(`${field}.name`, driver.name);
    if (driver.nodeID === '') yield required(`${field}.nodeID`);
    else if (byteLength(driver.nodeID) > nodeIdLimit) yield tooLong(`${field}.nodeID`, nodeIdLimit);
    yield* nonNegative(`${field}.allocatable.count`, driver.allocatable?.count);
    const keys = new Set<string>();
    for (const key of driver.topologyKeys ?? []) {
      if (key === '') yield required(`${field}.topologyKeys`);
      if (keys.has(key)) yield duplicate(`${field}.topologyKeys`, key);
      keys.add(key);
      yield* qualifiedName(`${field}.topologyKeys`, key);
    }
    if (names.has(driver.name)) yield duplicate(`${field}.name`, driver.name);
    names.add(driver.name);
  }
}

export const volumeAttachment = defineKind<V1VolumeAttachment>({
  group,
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  validate: validateAttachment,
  *validateUpdate(object, old) {
    yield* validateAttachment(object);
    if (!equal(object.spec, old.spec)) yield invalid('spec', object.spec, 'field is immutable');
  },
  status: {},
  columns: [
    text('Attacher', 'The driver that attaches.', ({ spec }) => spec.attacher),
    text('PV', 'The volume.', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    text('Node', 'The node it is attached to.', ({ spec }) => spec.nodeName),
    { head: { name: 'Attached', type: 'boolean', description: 'Whether it is attached.', priority: 0 }, cell: ({ status }) => status?.attached ?? false },
    ageColumn,
  ],
});

function* validateAttachment({ spec, status }: V1VolumeAttachment): Errors {
  yield* validateDriverName('spec.attacher', spec.attacher);
  const { persistentVolumeName, inlineVolumeSpec } = spec.source;
  if (persistentVolumeName === undefined && inlineVolumeSpec === undefined) yield required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  if (persistentVolumeName !== undefined && inlineVolumeSpec !== undefined) yield forbidden('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  if (persistentVolumeName === '') yield required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName');
  yield* invalidFor('spec.nodeName', spec.nodeName, checkDnsSubdomain(spec.nodeName));
  for (const name of ['attachError', 'detachError'] as const) {
    const message = status?.[name]?.message;
    if (message !== undefined && byteLength(message) > 1024) yield tooLong(`status.${name}.message`, 1024);
  }
}

export const csiStorageCapacity = defineKind<V1CSIStorageCapacity>({
  group,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  *validate({ nodeTopology, storageClassName, capacity, maximumVolumeSize }) {
    yield* validateLabelSelector(nodeTopology, 'nodeTopology');
    if (storageClassName === '') yield required('storageClassName');
    else yield* invalidFor('storageClassName', storageClassName, checkDnsSubdomain(storageClassName));
    if (capacity !== undefined) yield* validateBasicQuantity(capacity, 'capacity');
    if (maximumVolumeSize !== undefined) yield* validateBasicQuantity(maximumVolumeSize, 'maximumVolumeSize');
  },
  *validateUpdate(object, old) {
    yield* unchanged('nodeTopology', object.nodeTopology, old.nodeTopology);
    yield* unchanged('storageClassName', object.storageClassName, old.storageClassName);
  },
  columns: [text('StorageClassName', 'The class that the capacity is of.', ({ storageClassName }) => storageClassName), text('Capacity', 'How much there is.', ({ capacity }) => capacity ?? unset), ageColumn],
});

export const volumeAttributesClass = defineKind<V1VolumeAttributesClass>({
  group,
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  *validate({ driverName, parameters }) {
    yield* validateDriverName('driverName', driverName);
    if (byteLength(driverName) > driverNameLimit) yield tooLong('driverName', driverNameLimit);
    if (Object.keys(parameters ?? {}).length === 0) yield required('parameters', 'must contain at least one key/value pair');
    else yield* validateParameters(parameters ?? {}, 'parameters');
  },
  *validateUpdate(object, old) {
    if (object.driverName !== old.driverName) yield forbidden('driverName', 'updates to driverName are forbidden.');
    if (!equal(object.parameters, old.parameters)) yield forbidden('parameters', 'updates to parameters are forbidden.');
  },
  columns: [text('DriverName', 'The driver that knows the parameters.', ({ driverName }) => driverName), ageColumn],
});
