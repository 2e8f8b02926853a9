/** What is told of storage classes, drivers and their like, created and changed. */
import { describe, expect, it } from 'vitest';
import { csiDriver, csiNode, csiStorageCapacity, volumeAttributesClass } from '../kinds/storage-attachments.ts';
import { storageClass } from '../kinds/storage-class.ts';
import type { KindDefinition } from '../kind.ts';
import type { KubeObject } from '../object.ts';

const context = { now: 0 };

function problems(kind: KindDefinition, fields: object, old?: object): string[] {
  const make = (some: object): KubeObject => {
    const object: KubeObject = { metadata: { name: 'a', ...(kind.namespaced && { namespace: 'b' }), ...(old && { resourceVersion: '1' }) }, ...structuredClone(some) };
    kind.setDefaults(object);
    return object;
  };
  const errors = old ? kind.validateUpdate(make(fields), make(old), context) : kind.validate(make(fields), context);
  return [...errors].map(({ field, message }) => `${field}: ${message}`);
}

const tokens = { tokenRequests: [{ audience: '' }] };
const node = (driver: object): object => ({ spec: { drivers: [{ name: 'd.example', nodeID: 'n', ...driver }] } });
const many = Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`k${index}`, '']));
const immutable = 'field is immutable';

describe('created', () => {
  it.each<[string, KindDefinition, object, string[]]>([
    ['a driver tells its room often', csiDriver, { spec: { nodeAllocatableUpdatePeriodSeconds: 9 } }, ['spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds']],
    ['a driver tells its room', csiDriver, { spec: { nodeAllocatableUpdatePeriodSeconds: 10 } }, []],
    ['a driver hides tokens it does not get', csiDriver, { spec: { serviceAccountTokenInSecrets: false } }, ['spec.serviceAccountTokenInSecrets: Invalid value: false: serviceAccountTokenInSecrets is set but no tokenRequests are specified']],
    ['a driver hides tokens', csiDriver, { spec: { serviceAccountTokenInSecrets: true, ...tokens } }, []],
    ['an id is long', csiNode, node({ nodeID: 'n'.repeat(256) }), []],
    ['an id is too long', csiNode, node({ nodeID: 'n'.repeat(257) }), [`spec.drivers[0].nodeID: Invalid value: "${'n'.repeat(257)}": must be 256 characters or less`]],
    ['a capacity has a largest volume of any size', csiStorageCapacity, { storageClassName: 'a', capacity: '1', maximumVolumeSize: '-1' }, []],
    ['a class of attributes has none', volumeAttributesClass, { driverName: 'D.example/x' }, ['parameters: Required value: must contain at least one key/value pair']],
    ['a class of attributes has too many', volumeAttributesClass, { driverName: 'd.example', parameters: many }, ['parameters: Too long: may not be more than 512 bytes']],
    ['a term of topology is empty', storageClass, { provisioner: 'p', allowedTopologies: [{}] }, ['allowedTopologies[0].matchLabelExpressions: Duplicate value: ""']],
  ])('%s', (_name, kind, fields, expected) => {
    expect(problems(kind, fields)).toEqual(expected);
  });
});

describe('changed', () => {
  const classOf = (some: object): object => ({ provisioner: 'p', parameters: { a: 'b' }, ...some });

  it.each<[string, KindDefinition, object, object, string[]]>([
    ['the provisioner', storageClass, classOf({}), classOf({ provisioner: 'q' }), [`provisioner: Invalid value: "p": ${immutable}`]],
    ['the parameters', storageClass, classOf({ parameters: { a: 'c' } }), classOf({}), [`parameters: Invalid value: {"a":"c"}: ${immutable}`]],
    ['what becomes of volumes', storageClass, classOf({ reclaimPolicy: 'Retain' }), classOf({}), [`reclaimPolicy: Invalid value: "Retain": ${immutable}`]],
    ['whether volumes may grow', storageClass, classOf({ allowVolumeExpansion: true }), classOf({}), []],
    ['how groups own files', csiDriver, { spec: { fsGroupPolicy: 'None' } }, { spec: {} }, []],
    ['whether volumes are attached', csiDriver, { spec: { attachRequired: false } }, { spec: {} }, [`spec.attachedRequired: Invalid value: false: ${immutable}`]],
    ['the room of a node', csiNode, node({ allocatable: { count: 2 } }), node({ allocatable: { count: 1 } }), []],
    ['the id of a node', csiNode, node({ nodeID: 'm' }), node({}), [expect.stringMatching(/^spec\.drivers: Invalid value: .*field is immutable$/)]],
    ['attributes', volumeAttributesClass, { driverName: 'd.example', parameters: { a: 'c' } }, { driverName: 'd.example', parameters: { a: 'b' } }, ['parameters: Forbidden: updates to parameters are forbidden.']],
  ])('%s', (_name, kind, fields, old, expected) => {
    expect(problems(kind, fields, old)).toEqual(expected);
  });
});
