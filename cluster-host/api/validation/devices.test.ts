/** Devices: what is wrong with slices, claims and their status, and how Kubernetes says it. */
import { describe, expect, it } from 'vitest';
import type { FieldError } from '../field-error.ts';
import type { KubeObject } from '../object.ts';
import { deviceClass, resourceClaim } from '../kinds/resource-claims.ts';
import { resourceSlice } from '../kinds/resource-slice.ts';

const context = { now: 0 };
const told = (errors: readonly FieldError[]): string[] => errors.map(({ field, message }) => `${field}: ${message}`);

const slice = (spec: object): KubeObject => ({ metadata: { name: 's' }, spec: { driver: 'd.example', pool: { name: 'p', generation: 0, resourceSliceCount: 1 }, nodeName: 'n', ...spec } });
const device = (fields: object): object => ({ devices: [{ name: 'd', ...fields }] });
const shared = (requestPolicy: object): object => device({ allowMultipleAllocations: true, capacity: { memory: { value: '10Gi', requestPolicy } } });

describe('resource slices', () => {
  it.each<[string, object, string[]]>([
    ['are fine', device({ attributes: { model: { string: 'x' }, 'd.example/v': { version: '1.2.3-rc.1+b' } }, capacity: { memory: { value: '1Gi' } }, taints: [{ key: 'a/b', effect: 'NoSchedule' }] }), []],
    ['name a driver and a pool', { driver: '', pool: { name: 'a//b', generation: -1, resourceSliceCount: 0 } }, [
      'spec.driver: Required value',
      expect.stringContaining('spec.driver: Invalid value: ""'),
      expect.stringContaining('spec.pool.name: Invalid value: ""'),
      'spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero',
      'spec.pool.generation: Invalid value: -1: must be greater than or equal to zero',
    ]],
    ['are of one node or several', { allNodes: true }, [
      'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
    ]],
    ['hold counters or devices', { devices: [], sharedCounters: [{ name: 'c', counters: { a: { value: '1' } } }] }, ['spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed']],
    ['have each device once', { devices: [{ name: 'd' }, { name: 'd' }] }, ['spec.devices[1]: Duplicate value: "d"']],
    ['have fewer devices with taints', { devices: Array.from({ length: 65 }, (_, index) => ({ name: `d${index}`, taints: [{ key: 'a', effect: 'None' }] })) }, ['spec.devices: Too many: 65: must have at most 64 items']],
    ['have attributes of one type', device({ attributes: { a: {}, b: { int: 1, bool: true } } }), [
      'spec.devices[0].attributes[a]: Invalid value: "": exactly one value must be specified',
      'spec.devices[0].attributes[b]: Invalid value: {"int":1,"bool":true}: exactly one value must be specified',
    ]],
    ['have semantic versions', device({ attributes: { a: { version: '1.2' } } }), ['spec.devices[0].attributes[a].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0']],
    ['choose nodes for each device where they say so', device({ nodeName: 'n' }), [
      'spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
    ]],
    ['bind with conditions of both kinds', device({ bindingConditions: ['a'] }), ['spec.devices[0].bindingFailureConditions: Invalid value: []: bindingFailureConditions are required to use bindingConditions']],
    ['share what says so', device({ capacity: { memory: { value: '1Gi', requestPolicy: { default: '1Gi' } } } }), ['spec.devices[0].capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true']],
    ['share in steps', shared({ default: '3Gi', validRange: { min: '1Gi', step: '4Gi', max: '9Gi' } }), [
      'spec.devices[0].capacity[memory].requestPolicy.validRange.step: Invalid value: "3Gi": value is not a multiple of a given step (4Gi) from (1Gi)',
    ]],
    ['share in steps that are more than nothing', shared({ default: '1Gi', validRange: { min: '1Gi', step: '0' } }), [
      'spec.devices[0].capacity[memory].requestPolicy.validRange.step: Invalid value: "1Gi": value is not a multiple of a given step (0) from (1Gi)',
    ]],
    ['share in known amounts', shared({ default: '3Gi', validValues: ['2Gi', '1Gi'] }), [
      'spec.devices[0].capacity[memory].requestPolicy.validValues[1]: Invalid value: "1Gi": values must be sorted in ascending order',
      'spec.devices[0].capacity[memory].requestPolicy.validValues: Invalid value: "3Gi": default value is not valid according to the requestPolicy',
    ]],
  ])('%s', (_, spec, expected) => {
    expect(told(resourceSlice.validate(slice(spec), context))).toEqual(expected);
  });

  it('keep driver, pool and node', () => {
    const [old, changed] = [slice({}), slice({ driver: 'e.example', nodeName: 'm' })].map((one) => ({ ...one, metadata: { ...one.metadata, resourceVersion: '1' } }));
    expect(told(resourceSlice.validateUpdate(changed as KubeObject, old as KubeObject, context))).toEqual([
      'spec.driver: Invalid value: "e.example": field is immutable',
      'spec.nodeName: Invalid value: "m": field is immutable',
    ]);
  });
});

describe('device classes', () => {
  it('name an extended resource that is one', () => {
    expect(told(deviceClass.validate({ metadata: { name: 'c' }, spec: { extendedResourceName: 'cpu' } }, context))).toEqual(['spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name']);
  });
});

describe('resource claims', () => {
  const claim = (devices: object): KubeObject => {
    const object: KubeObject = { metadata: { name: 'c', namespace: 'default', resourceVersion: '1' }, spec: { devices } };
    resourceClaim.setDefaults(object);
    return object;
  };
  const exact = (name: string, fields: object = {}): object => ({ name, exactly: { deviceClassName: 'x', ...fields } });
  const either = { name: 'r', firstAvailable: [{ name: 'a', deviceClassName: 'x' }, { name: 'a', deviceClassName: 'x' }] };

  it.each<[string, object, string[]]>([
    ['ask for a class', { requests: [{ name: 'r', exactly: {} }] }, ['spec.devices.requests[0].exactly.deviceClassName: Required value']],
    ['ask once', { requests: [exact('r'), exact('r')] }, ['spec.devices.requests[1]: Duplicate value: "r"']],
    ['have alternatives with names', { requests: [either] }, ['spec.devices.requests[0].firstAvailable[1]: Duplicate value: "a"']],
    ['tolerate with an operator', { requests: [exact('r', { tolerations: [{ key: 'a', operator: 'In' }] })] }, ['spec.devices.requests[0].exactly.tolerations[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"']],
    ['refer to what they ask for', { requests: [exact('r')], constraints: [{ requests: ['s'], matchAttribute: 'numa' }] }, [
      `spec.devices.constraints[0].requests[0]: Invalid value: "s": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'`,
      'spec.devices.constraints[0].matchAttribute: Invalid value: "numa": a fully qualified name must be a domain and a name separated by a slash',
    ]],
    ['have settings that are objects', { config: [{ opaque: { driver: 'd.example', parameters: [] } }] }, ['spec.devices.config[0].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object']],
  ])('%s', (_, devices, expected) => {
    expect(told(resourceClaim.validate(claim(devices), context))).toEqual(expected);
  });

  const allocation = { devices: { results: [{ request: 'r', driver: 'd.example', pool: 'p', device: 'd' }] } };
  const user = { resource: 'pods', name: 'p', uid: 'u' };

  it.each<[string, object, object, string[]]>([
    ['is fine', { allocation, reservedFor: [user] }, {}, []],
    ['is reserved when allocated', { reservedFor: [user] }, {}, ['status.reservedFor: Forbidden: may not be specified when `allocated` is not set']],
    ['has each user once', { allocation, reservedFor: [user, user] }, {}, ['status.reservedFor[1]: Duplicate value: "u"']],
    ['keeps its allocation', { allocation: { devices: {} } }, { allocation }, ['status.allocation: Invalid value: {"devices":{}}: field is immutable']],
    ['tells of devices that it has', { devices: [{ driver: 'd.example', pool: 'p', device: 'd' }] }, {}, ['status.devices[0]: Invalid value: "d.example/p/d": must be an allocated device in the claim']],
    ['has networks with addresses', { allocation, devices: [{ driver: 'd.example', pool: 'p', device: 'd', networkData: { ips: ['10.0.0.1'] } }] }, { allocation }, [
      'status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
    ]],
    ['has conditions with reasons', { allocation, devices: [{ driver: 'd.example', pool: 'p', device: 'd', conditions: [{ type: 'Ready', status: 'Yes', reason: '' }] }] }, { allocation }, [
      'status.devices[0].conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
      'status.devices[0].conditions[0].lastTransitionTime: Required value: must be set',
      'status.devices[0].conditions[0].reason: Required value: must be set',
    ]],
  ])('a status %s', (_, status, before, expected) => {
    const base = claim({ requests: [exact('r')] });
    expect(told(resourceClaim.status?.validateUpdate({ ...base, status }, { ...base, status: before }, context) ?? [])).toEqual(expected);
  });
});
