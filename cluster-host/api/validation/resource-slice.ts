/** Devices that a driver offers (https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/). */
import { invalid, notSupported, required, tooLong, tooMany } from '../field-errors.ts';
import type { V1Counter, V1CounterSet, V1Device, V1DeviceAttribute, V1DeviceCounterConsumption, V1DeviceTaint, V1NodeSelector, V1ResourceSliceSpec } from '../generated/types.ts';
import { checkLabelValue, nameIsDnsSubdomain } from '../names.ts';
import { byteLength } from '../text.ts';
import { validateNodeSelector } from './affinity.ts';
import { validateDeviceCapacity } from './device-capacity.ts';
import { bindingConditions, boundedList, boundedSet, deviceQualifiedName, poolName } from './device-names.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, invalidFor, qualifiedName } from './errors.ts';
import { taintEffects } from './resource-claim.ts';
import { csiDriverName } from './volume-sources.ts';

const maxDevices = 128;
/** Of devices with taints or counters, which are more work to allocate. */
const maxAdvancedDevices = 64;
const maxCounterSets = 8;
const maxCounters = 32;
const maxConsumptions = 2;
const maxTaints = 16;
const maxAttributesAndCapacities = 32;
const maxValueLength = 64;

const semanticVersion =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

export function* validateResourceSlice(spec: V1ResourceSliceSpec, old: V1ResourceSliceSpec | undefined): Errors {
  const { devices = [], sharedCounters, pool } = spec;
  yield* csiDriverName('spec.driver', spec.driver ?? '');
  yield* poolName('spec.pool.name', pool?.name ?? '');
  if ((pool?.resourceSliceCount ?? 0) <= 0) yield invalid('spec.pool.resourceSliceCount', pool?.resourceSliceCount ?? 0, 'must be greater than zero');
  if ((pool?.generation ?? 0) < 0) yield invalid('spec.pool.generation', pool?.generation, 'must be greater than or equal to zero');
  if (old) yield* validateIdentityKept(spec, old);
  yield* validateNodes(spec);
  if (sharedCounters !== undefined && spec.devices !== undefined) yield invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed');
  const advanced = devices.some(({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0);
  const earlier = new Map((old?.devices ?? []).map((device) => [device.name, device]));
  const validate = (device: V1Device, at: string): Errors => validateDevice(device, earlier.get(device.name), at, spec.perDeviceNodeSelection === true);
  yield* boundedSet(devices, advanced ? maxAdvancedDevices : maxDevices, 'spec.devices', validate, ({ name }) => name);
  yield* boundedSet(sharedCounters ?? [], maxCounterSets, 'spec.sharedCounters', validateCounterSet, ({ name }) => name);
}

function* validateIdentityKept(spec: V1ResourceSliceSpec, old: V1ResourceSliceSpec): Errors {
  const detail = 'field is immutable';
  if (spec.pool?.name !== old.pool?.name) yield invalid('spec.pool.name', spec.pool?.name ?? '', detail);
  if (spec.driver !== old.driver) yield invalid('spec.driver', spec.driver ?? '', detail);
  if (spec.nodeName !== old.nodeName) yield invalid('spec.nodeName', spec.nodeName ?? null, detail);
}

function* validateNodes({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }: V1ResourceSliceSpec): Errors {
  const given: string[] = [];
  if (nodeName === '') yield invalid('spec.nodeName', nodeName, 'must be either unset or set to a non-empty string');
  else if (nodeName !== undefined) {
    given.push('`nodeName`');
    yield* invalidFor('spec.nodeName', nodeName, nameIsDnsSubdomain(nodeName, false));
  }
  if (nodeSelector) {
    given.push('`nodeSelector`');
    yield* validateOneTerm(nodeSelector, 'spec.nodeSelector');
  }
  for (const [name, value] of Object.entries({ allNodes, perDeviceNodeSelection })) {
    if (value === true) given.push(`\`${name}\``);
    else if (value === false) yield invalid(`spec.${name}`, value, 'must be either unset or set to true');
  }
  const detail = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (given.length === 0) yield required('spec', detail);
  else if (given.length > 1) yield invalid('spec', `{${given.join(', ')}}`, `${detail}, but multiple fields are set`);
}

/** One term alone, so that the selectors of several slices can be brought together. */
function* validateOneTerm(selector: V1NodeSelector, field: string): Errors {
  yield* validateNodeSelector(selector, field);
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length !== 1) yield invalid(`${field}.nodeSelectorTerms`, terms, 'must have exactly one node selector term');
}

function* validateCounterSet({ name = '', counters }: V1CounterSet, field: string): Errors {
  if (name === '') yield required(`${field}.name`);
  else yield* dnsLabel(`${field}.name`, name);
  yield* validateCounters(counters, `${field}.counters`);
}

function* validateCounters(counters: Readonly<Record<string, V1Counter>> | undefined, field: string): Errors {
  const names = Object.keys(counters ?? {});
  if (names.length === 0) yield required(field);
  else if (names.length > maxCounters) yield tooMany(field, names.length, maxCounters);
  else for (const name of names) yield* dnsLabel(`${field}[${name}]`, name);
}

function* validateConsumption({ counterSet = '', counters }: V1DeviceCounterConsumption, field: string): Errors {
  if (counterSet === '') yield required(`${field}.counterSet`);
  else yield* dnsLabel(`${field}.counterSet`, counterSet);
  yield* validateCounters(counters, `${field}.counters`);
}

function* validateDevice(device: V1Device, old: V1Device | undefined, field: string, choosesNode: boolean): Errors {
  const { name = '', attributes = {}, capacity = {}, taints = [], consumesCounters = [] } = device;
  yield* dnsLabel(`${field}.name`, name);
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > maxAttributesAndCapacities) yield invalid(field, count, `the total number of attributes and capacities must not exceed ${maxAttributesAndCapacities}`);
  for (const [key, attribute] of Object.entries(attributes)) {
    yield* deviceQualifiedName(`${field}.attributes[${key}]`, key);
    yield* validateAttribute(attribute, `${field}.attributes[${key}]`);
  }
  for (const [key, amount] of Object.entries(capacity)) {
    yield* deviceQualifiedName(`${field}.capacity[${key}]`, key);
    yield* validateDeviceCapacity(amount, device.allowMultipleAllocations === true, `${field}.capacity[${key}]`);
  }
  // Taints that were there before stay, whatever was allowed then.
  if (!old || !equal(old.taints, taints)) yield* boundedList(taints, maxTaints, `${field}.taints`, validateTaint);
  yield* boundedSet(consumesCounters, maxConsumptions, `${field}.consumesCounters`, validateConsumption, ({ counterSet }) => counterSet);
  yield* validateDeviceNodes(device, field, choosesNode);
  yield* bindingConditions(device.bindingConditions ?? [], device.bindingFailureConditions ?? [], field);
}

function* validateDeviceNodes({ nodeName, nodeSelector, allNodes }: V1Device, field: string, choosesNode: boolean): Errors {
  if (!choosesNode) {
    const given = nodeName !== undefined || nodeSelector !== undefined || allNodes !== undefined;
    if (given) yield invalid(field, null, '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec');
    return;
  }
  const given: string[] = [];
  if (nodeName === '') yield invalid(`${field}.nodeName`, nodeName, 'must not be empty');
  else if (nodeName !== undefined) {
    given.push('`nodeName`');
    yield* invalidFor(`${field}.nodeName`, nodeName, nameIsDnsSubdomain(nodeName, false));
  }
  if (nodeSelector) {
    given.push('`nodeSelector`');
    yield* validateNodeSelector(nodeSelector, `${field}.nodeSelector`);
  }
  if (allNodes === true) given.push('`allNodes`');
  else if (allNodes === false) yield invalid(`${field}.allNodes`, allNodes, 'must be either unset or set to true');
  const detail = 'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (given.length === 0) yield required(field, detail);
  else if (given.length > 1) yield invalid(field, `{${given.join(', ')}}`, detail);
}

function* validateAttribute(attribute: V1DeviceAttribute, field: string): Errors {
  const { string, version } = attribute;
  if (string !== undefined && byteLength(string) > maxValueLength) yield tooLong(`${field}.string`, maxValueLength);
  if (version !== undefined) {
    if (!semanticVersion.test(version)) yield invalid(`${field}.version`, version, 'must be a string compatible with semver.org spec 2.0.0');
    if (byteLength(version) > maxValueLength) yield tooLong(`${field}.version`, maxValueLength);
  }
  const given = Object.values(attribute).filter((value) => value !== undefined).length;
  if (given !== 1) yield invalid(field, given === 0 ? '' : attribute, 'exactly one value must be specified');
}

function* validateTaint({ key, value, effect }: V1DeviceTaint, field: string): Errors {
  yield* qualifiedName(`${field}.key`, key ?? '');
  if (value) yield* invalidFor(`${field}.value`, value, checkLabelValue(value));
  if (!effect) yield required(`${field}.effect`);
  else if (!taintEffects.includes(effect)) yield notSupported(`${field}.effect`, effect, taintEffects);
}
