/** Claims of devices (https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/). Whether CEL expressions compile is not asked here. */
import { invalid, notSupported, required, tooLong } from '../field-errors.ts';
import type {
  V1DeviceClaim,
  V1DeviceConstraint,
  V1DeviceRequest,
  V1DeviceSelector,
  V1DeviceSubRequest,
  V1DeviceToleration,
  V1ExactDeviceRequest,
  V1OpaqueDeviceConfiguration,
} from '../generated/types.ts';
import { byteLength } from '../text.ts';
import { boundedList, boundedSet, fullyQualifiedName, rawObject } from './device-names.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, dnsSubdomain, invalidFor, optionalOneOf, qualifiedName } from './errors.ts';
import { checkLabelValue } from '../names.ts';
import { csiDriverName } from './volume-sources.ts';

const maxItems = 32;
const maxSubrequests = 8;
const maxExpressionLength = 10 * 1024;
const maxParametersLength = 10 * 1024;
const modes = ['All', 'ExactCount'];
export const taintEffects = ['NoExecute', 'NoSchedule', 'None'];

/** The names that a part of the claim may refer to: of requests, and of their alternatives as `request/alternative`. */
export type RequestNames = ReadonlySet<string>;

export function requestNamesOf({ requests = [] }: V1DeviceClaim): RequestNames {
  return new Set(requests.flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((alternative) => `${name}/${alternative.name}`)]));
}

export function* validateDeviceClaim(claim: V1DeviceClaim, field: string): Errors {
  const names = requestNamesOf(claim);
  yield* boundedSet(claim.requests ?? [], maxItems, `${field}.requests`, validateRequest, ({ name }) => name);
  yield* boundedList(claim.constraints ?? [], maxItems, `${field}.constraints`, (constraint, at) => validateConstraint(constraint, at, names));
  yield* boundedList(claim.config ?? [], maxItems, `${field}.config`, function* validateConfig({ requests = [], opaque }, at) {
    yield* validateReferences(requests, `${at}.requests`, names);
    yield* validateConfiguration(opaque, at);
  });
}

function* validateRequest({ name, exactly, firstAvailable = [] }: V1DeviceRequest, field: string): Errors {
  yield* dnsLabel(`${field}.name`, name ?? '');
  const detail = 'exactly one of `exactly` or `firstAvailable` is required';
  if (!exactly && firstAvailable.length === 0) yield required(field, detail);
  else if (exactly && firstAvailable.length > 0) yield invalid(field, null, `${detail}, but multiple fields are set`);
  else if (exactly) yield* validateExact(exactly, `${field}.exactly`);
  else yield* boundedSet(firstAvailable, maxSubrequests, `${field}.firstAvailable`, validateSubrequest, (one) => one.name);
}

function* validateSubrequest(request: V1DeviceSubRequest, field: string): Errors {
  yield* dnsLabel(`${field}.name`, request.name ?? '');
  yield* validateExact(request, field);
}

function* validateExact(request: V1ExactDeviceRequest | V1DeviceSubRequest, field: string): Errors {
  const { deviceClassName, allocationMode = '', count = 0 } = request;
  if (deviceClassName) yield* dnsSubdomain(`${field}.deviceClassName`, deviceClassName);
  else yield required(`${field}.deviceClassName`);
  yield* validateSelectors(request.selectors ?? [], `${field}.selectors`);
  if (allocationMode === 'All') {
    if (count !== 0) yield invalid(`${field}.count`, count, "must not be specified when allocationMode is 'All'");
  } else if (allocationMode === 'ExactCount') {
    if (count <= 0) yield invalid(`${field}.count`, count, 'must be greater than zero');
  } else {
    yield notSupported(`${field}.allocationMode`, allocationMode, modes);
  }
  for (const [index, toleration] of (request.tolerations ?? []).entries()) yield* validateToleration(toleration, `${field}.tolerations[${index}]`);
}

export function* validateSelectors(selectors: readonly V1DeviceSelector[], field: string): Errors {
  yield* boundedList(selectors, maxItems, field, function* validateSelector({ cel }, at) {
    if (!cel) yield required(`${at}.cel`);
    else if (!cel.expression) yield required(`${at}.cel.expression`);
    else if (byteLength(cel.expression) > maxExpressionLength) yield tooLong(`${at}.cel.expression`, maxExpressionLength);
  });
}

function* validateToleration({ key, operator, value = '', effect }: V1DeviceToleration, field: string): Errors {
  if (key) yield* qualifiedName(`${field}.key`, key);
  if (operator === 'Exists') {
    if (value !== '') yield invalid(`${field}.value`, value, 'must be empty for operator `Exists`');
  } else if (operator === 'Equal') yield* invalidFor(`${field}.value`, value, checkLabelValue(value));
  else if (!operator) yield required(`${field}.operator`);
  else yield notSupported(`${field}.operator`, operator, ['Equal', 'Exists']);
  yield* optionalOneOf(`${field}.effect`, effect || undefined, taintEffects);
}

function* validateConstraint({ requests = [], matchAttribute, distinctAttribute }: V1DeviceConstraint, field: string, names: RequestNames): Errors {
  yield* validateReferences(requests, `${field}.requests`, names);
  if (matchAttribute !== undefined) yield* fullyQualifiedName(`${field}.matchAttribute`, matchAttribute);
  else if (distinctAttribute !== undefined) yield* fullyQualifiedName(`${field}.distinctAttribute`, distinctAttribute);
  else yield required(field, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set');
}

export function* validateReferences(references: readonly string[], field: string, names: RequestNames): Errors {
  yield* boundedSet(references, maxItems, field, (name, at) => validateReference(name, at, names), (name) => name);
}

export function* validateReference(name: string, field: string, names: RequestNames): Errors {
  const unknown = invalid(field, name, "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'");
  const segments = name.split('/');
  if (segments.length > 2) yield unknown;
  else {
    for (const segment of segments) yield* dnsLabel(field, segment);
    if (!names.has(name)) yield unknown;
  }
}

export function* validateConfiguration(opaque: V1OpaqueDeviceConfiguration | undefined, field: string): Errors {
  if (!opaque) {
    yield required(`${field}.opaque`);
    return;
  }
  yield* csiDriverName(`${field}.opaque.driver`, opaque.driver ?? '');
  yield* rawObject(`${field}.opaque.parameters`, opaque.parameters, maxParametersLength);
}
