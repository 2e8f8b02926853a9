/** What became of a claim of devices: who uses it, what was allocated, and what drivers say of that. */
import { duplicate, forbidden, invalid, tooLong, tooMany } from '../field-errors.ts';
import type {
  ResourceV1ResourceClaim,
  V1AllocatedDeviceStatus,
  V1AllocationResult,
  V1DeviceAllocationConfiguration,
  V1DeviceRequestAllocationResult,
  V1NetworkDeviceData,
  V1ResourceClaimConsumerReference,
} from '../generated/types.ts';
import { byteLength } from '../text.ts';
import { validateNodeSelector } from './affinity.ts';
import { validateConditions } from './conditions.ts';
import { bindingConditions, boundedList, boundedSet, poolName, rawObject } from './device-names.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, requiredOneOf, requiredText, unchanged } from './errors.ts';
import { validateInterfaceAddress } from './ip.ts';
import { type RequestNames, requestNamesOf, validateConfiguration, validateReference, validateReferences } from './resource-claim.ts';
import { csiDriverName } from './volume-sources.ts';

const maxReserved = 256;
const maxResults = 32;
const maxConfigs = 64;
const maxConditions = 8;
const maxDataLength = 10 * 1024;
const maxInterfaceLength = 256;
const maxHardwareLength = 128;
const maxAddresses = 16;

const uidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface DeviceId {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

function deviceKey({ driver, pool, device, shareID }: DeviceId): string {
  return [driver, pool, device, ...(shareID === undefined ? [] : [shareID])].join('/');
}

export function* validateClaimStatus({ metadata, spec, status = {} }: ResourceV1ResourceClaim, old: ResourceV1ResourceClaim): Errors {
  const { reservedFor = [], devices = [], allocation } = status;
  const before = old.status ?? {};
  yield* boundedSet(reservedFor, maxReserved, 'status.reservedFor', validateConsumer, ({ uid }) => uid);
  const allocated = new Set((allocation?.devices?.results ?? []).map(deviceKey));
  yield* validateDevices(devices, allocated);
  if (reservedFor.length > 0 && !allocation) yield forbidden('status.reservedFor', 'may not be specified when `allocated` is not set');
  else if (metadata?.deletionTimestamp && reservedFor.some((one) => !(before.reservedFor ?? []).some((known) => equal(one, known)))) {
    yield forbidden('status.reservedFor', 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set');
  }
  // What is allocated stays until it is given up as a whole.
  if (before.allocation && allocation) yield* unchanged('status.allocation', allocation, before.allocation);
  else if (allocation) yield* validateAllocation(allocation, requestNamesOf(spec?.devices ?? {}));
}

function* validateConsumer(reference: V1ResourceClaimConsumerReference, field: string): Errors {
  for (const name of ['resource', 'name', 'uid'] as const) yield* requiredText(`${field}.${name}`, reference[name]);
}

function* validateAllocation({ devices = {}, nodeSelector }: V1AllocationResult, names: RequestNames): Errors {
  const field = 'status.allocation';
  yield* boundedList(devices.results ?? [], maxResults, `${field}.devices.results`, (result, at) => validateResult(result, at, names));
  yield* boundedList(devices.config ?? [], maxConfigs, `${field}.devices.config`, (config, at) => validateAllocatedConfig(config, at, names));
  if (nodeSelector) yield* validateNodeSelector(nodeSelector, `${field}.nodeSelector`);
}

function* validateResult(result: V1DeviceRequestAllocationResult, field: string, names: RequestNames): Errors {
  yield* validateReference(result.request ?? '', `${field}.request`, names);
  yield* validateDeviceId(result, field);
  yield* bindingConditions(result.bindingConditions ?? [], result.bindingFailureConditions ?? [], field);
  yield* validateShare(result.shareID, field);
}

function* validateDeviceId({ driver = '', pool = '', device = '' }: Partial<DeviceId>, field: string): Errors {
  yield* csiDriverName(`${field}.driver`, driver);
  yield* poolName(`${field}.pool`, pool);
  yield* dnsLabel(`${field}.device`, device);
}

function* validateShare(shareId: string | undefined, field: string): Errors {
  if (shareId === undefined || uidForm.test(shareId)) return;
  const detail = uidForm.test(shareId.toLowerCase())
    ? 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'
    : `error validating uid: invalid UUID length: ${byteLength(shareId)}`;
  yield invalid(`${field}.shareID`, shareId, detail);
}

function* validateAllocatedConfig({ source, requests = [], opaque }: V1DeviceAllocationConfiguration, field: string, names: RequestNames): Errors {
  yield* requiredOneOf(`${field}.source`, source, ['FromClaim', 'FromClass']);
  yield* validateReferences(requests, `${field}.requests`, names);
  yield* validateConfiguration(opaque, field);
}

function* validateDevices(devices: readonly V1AllocatedDeviceStatus[], allocated: ReadonlySet<string>): Errors {
  for (const [index, device] of devices.entries()) yield* validateDeviceStatus(device, `status.devices[${index}]`, allocated);
  const seen = new Set<string>();
  for (const [index, device] of devices.entries()) {
    const key = deviceKey(device);
    if (seen.has(key)) yield duplicate(`status.devices[${index}]`, key);
    seen.add(key);
  }
}

function* validateDeviceStatus(device: V1AllocatedDeviceStatus, field: string, allocated: ReadonlySet<string>): Errors {
  const { conditions = [], data, networkData } = device;
  yield* validateDeviceId(device, field);
  yield* validateShare(device.shareID, field);
  if (!allocated.has(deviceKey(device))) yield invalid(field, deviceKey(device), 'must be an allocated device in the claim');
  if (conditions.length > maxConditions) yield tooMany(`${field}.conditions`, conditions.length, maxConditions);
  yield* validateConditions(conditions, `${field}.conditions`);
  if (data !== undefined && data !== null) yield* rawObject(`${field}.data`, data, maxDataLength);
  if (networkData) yield* validateNetworkData(networkData, `${field}.networkData`);
}

function* validateNetworkData({ interfaceName = '', hardwareAddress = '', ips = [] }: V1NetworkDeviceData, field: string): Errors {
  if (byteLength(interfaceName) > maxInterfaceLength) yield tooLong(`${field}.interfaceName`, maxInterfaceLength);
  if (byteLength(hardwareAddress) > maxHardwareLength) yield tooLong(`${field}.hardwareAddress`, maxHardwareLength);
  yield* boundedSet(ips, maxAddresses, `${field}.ips`, (address, at) => validateInterfaceAddress(at, address), (address) => address);
}
