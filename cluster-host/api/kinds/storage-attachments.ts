/** What CSI drivers are, where they run, and what they attach where. */
import { fill } from '../defaults/fill.ts';
import { duplicate, forbidden, immutable, invalid, notSupported, required } from '../field-errors.ts';
import type { V1CSIDriver, V1CSIDriverSpec, V1CSINode, V1CSINodeDriver, V1CSIStorageCapacity, V1VolumeAttachment, V1VolumeAttributesClass } from '../generated/types.ts';
import { nameIsDnsSubdomain } from '../names.ts';
import { canonicalQuantity, formatQuantity, quantityOf } from '../quantity.ts';
import { byteLength } from '../text.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, nonNegative, optionalOneOf, qualifiedName, unchanged } from '../validation/errors.ts';
import { validateLabelSelector } from '../validation/label-selector.ts';
import { validateAttachment, validateAttachmentStatus } from '../validation/volume-attachment.ts';
import { csiDriverName } from '../validation/volume-sources.ts';
import { ageColumn, count, flag, text, unset } from './columns.ts';
import { authoredMetadata, defineKind } from './define-kind.ts';
import { topologyWarnings } from './placement-warnings.ts';
import { validateParameters, validateProvisioner } from './storage-class.ts';

const group = 'storage.k8s.io';
const maxNodeIdLength = 256;
const lifecycleModes = ['Persistent', 'Ephemeral'];

export const volumeAttachment = defineKind<V1VolumeAttachment>({
  group,
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  validate: validateAttachment,
  *validateUpdate(object, old) {
    yield* validateAttachment(object);
    if (!equal(object.spec, old.spec)) yield immutable('spec', object.spec);
  },
  status: {
    keptMetadata: authoredMetadata,
    *validateUpdate(object) {
      yield* validateAttachmentStatus(object);
    },
  },
  columns: [
    text('Attacher', 'The driver that attaches.', ({ spec }) => spec?.attacher ?? ''),
    text('PV', 'The volume.', ({ spec }) => spec?.source?.persistentVolumeName ?? ''),
    text('Node', 'The node.', ({ spec }) => spec?.nodeName ?? ''),
    flag('Attached', 'Whether it is attached.', ({ status }) => status?.attached),
    ageColumn,
  ],
});

export const csiDriver = defineKind<V1CSIDriver>({
  group,
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fill(spec, { attachRequired: true, podInfoOnMount: false, storageCapacity: false, fsGroupPolicy: 'ReadWriteOnceWithFSType', requiresRepublish: false, seLinuxMount: false });
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ['Persistent'];
  },
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    yield* validateDriver(spec);
  },
  *validateUpdate({ spec = {} }, { spec: old = {} }) {
    yield* validateDriver(spec);
    yield* unchanged('spec.attachedRequired', spec.attachRequired, old.attachRequired);
    yield* unchanged('spec.volumeLifecycleModes', spec.volumeLifecycleModes, old.volumeLifecycleModes);
  },
  columns: [
    flag('AttachRequired', 'Whether volumes have to be attached.', ({ spec }) => spec?.attachRequired),
    flag('PodInfoOnMount', 'Whether it is told of the pod.', ({ spec }) => spec?.podInfoOnMount),
    flag('StorageCapacity', 'Whether it tells its capacity.', ({ spec }) => spec?.storageCapacity),
    text('TokenRequests', 'For whom it gets tokens.', ({ spec }) => (spec?.tokenRequests ?? []).map(({ audience }) => audience).join(',') || unset),
    flag('RequiresRepublish', 'Whether it is asked again and again.', ({ spec }) => spec?.requiresRepublish),
    text('Modes', 'Which volumes it makes.', ({ spec }) => (spec?.volumeLifecycleModes ?? []).join(',') || unset),
    ageColumn,
  ],
});

function* validateDriver(spec: V1CSIDriverSpec): Errors {
  if (spec.attachRequired === undefined) yield required('spec.attachedRequired');
  if (spec.podInfoOnMount === undefined) yield required('spec.podInfoOnMount');
  if (spec.storageCapacity === undefined) yield required('spec.storageCapacity');
  yield* optionalOneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType']);
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds: seconds }] of (spec.tokenRequests ?? []).entries()) {
    const at = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) {
      yield duplicate(`${at}.audience`, audience);
      continue;
    }
    audiences.add(audience);
    if (seconds !== undefined && seconds < 600) yield invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes');
    if (seconds !== undefined && seconds > 2 ** 32) yield invalid(`${at}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds');
  }
  for (const mode of spec.volumeLifecycleModes ?? []) if (!lifecycleModes.includes(mode)) yield notSupported('spec.volumeLifecycleModes', mode, lifecycleModes);
  const { nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: inSecrets } = spec;
  if (period !== undefined && period < 10) yield invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds');
  if (inSecrets !== undefined && audiences.size === 0) yield invalid('spec.serviceAccountTokenInSecrets', inSecrets, 'serviceAccountTokenInSecrets is set but no tokenRequests are specified');
}

export const csiNode = defineKind<V1CSINode>({
  group,
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  *validate({ spec }) {
    yield* validateNodeDrivers(spec?.drivers ?? []);
  },
  *validateUpdate({ spec }, old) {
    const drivers = spec?.drivers ?? [];
    yield* validateNodeDrivers(drivers);
    for (const before of old.spec?.drivers ?? []) {
      const driver = drivers.find(({ name }) => name === before.name);
      if (driver && !equal({ ...driver, allocatable: before.allocatable }, before)) yield immutable('spec.drivers', driver);
    }
  },
  columns: [count('Drivers', 'How many drivers run there.', ({ spec }) => spec?.drivers?.length), ageColumn],
});

function* validateNodeDrivers(drivers: readonly V1CSINodeDriver[]): Errors {
  const names = new Set<string>();
  for (const [index, { name = '', nodeID = '', allocatable, topologyKeys = [] }] of drivers.entries()) {
    const at = `spec.drivers[${index}]`;
    yield* csiDriverName(`${at}.name`, name);
    if (nodeID === '') yield required(`${at}.nodeID`);
    if (byteLength(nodeID) > maxNodeIdLength) yield invalid(`${at}.nodeID`, nodeID, `must be ${maxNodeIdLength} characters or less`);
    yield* nonNegative(`${at}.allocatable.count`, allocatable?.count);
    if (names.has(name)) yield duplicate(`${at}.name`, name);
    names.add(name);
    for (const [position, key] of topologyKeys.entries()) {
      if (key === '') yield required(at);
      if (topologyKeys.indexOf(key) < position) yield duplicate(at, key);
      yield* qualifiedName(at, key);
    }
  }
}

export const csiStorageCapacity = defineKind<V1CSIStorageCapacity>({
  group,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  *validate({ nodeTopology, storageClassName = '', capacity }) {
    yield* validateLabelSelector(nodeTopology, 'nodeTopology');
    yield* invalidFor('storageClassName', storageClassName, nameIsDnsSubdomain(storageClassName, false));
    if (quantityOf(capacity).nanos < 0n) yield invalid('capacity', formatQuantity(quantityOf(capacity)), 'must be greater than or equal to 0');
  },
  *validateUpdate({ nodeTopology, storageClassName }, old) {
    if (!equal(nodeTopology, old.nodeTopology)) yield immutable('nodeTopology', nodeTopology ?? null);
    if (storageClassName !== old.storageClassName) yield immutable('storageClassName', storageClassName);
  },
  warnings: ({ nodeTopology }) => (nodeTopology ? [...topologyWarnings(nodeTopology, 'nodeTopology')] : []),
  columns: [
    text('StorageClassName', 'The class it is about.', ({ storageClassName }) => storageClassName ?? ''),
    text('Capacity', 'How much there is.', ({ capacity }) => (capacity === undefined ? unset : canonicalQuantity(capacity))),
  ],
});

export const volumeAttributesClass = defineKind<V1VolumeAttributesClass>({
  group,
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  validate: validateAttributesClass,
  *validateUpdate(object, old) {
    yield* validateAttributesClass(object);
    if (object.driverName !== old.driverName) yield forbidden('driverName', 'updates to driverName are forbidden.');
    if (!equal(object.parameters, old.parameters)) yield forbidden('parameters', 'updates to parameters are forbidden.');
    // The update says once more what the object is judged for.
    yield* validateAttributesClass(object);
  },
  columns: [text('DriverName', 'The driver it is for.', ({ driverName }) => driverName ?? ''), ageColumn],
});

function* validateAttributesClass({ driverName = '', parameters = {} }: V1VolumeAttributesClass): Errors {
  yield* validateProvisioner('driverName', driverName);
  yield* validateParameters(parameters, 'parameters');
  if (Object.keys(parameters).length === 0) yield required('parameters', 'must contain at least one key/value pair');
}
