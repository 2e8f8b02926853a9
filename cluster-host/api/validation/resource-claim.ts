/** Claims of devices (https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/). Whether CEL expressions compile is not asked here. */
import { duplicate, invalid, required, tooMany } from '../field-errors.ts';
import type { V1DeviceClaim, V1DeviceConstraint, V1DeviceRequest, V1DeviceSelector, V1DeviceSubRequest, V1DeviceToleration, V1ExactDeviceRequest, V1OpaqueDeviceConfiguration } from '../generated/types.ts';
import { checkDnsSubdomain, checkQualifiedName } from '../names.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, dnsSubdomain, invalidFor, oneOf } from './errors.ts';
import { csiDriverName } from './volume-sources.ts';

const maxItems = 32;
const maxSubrequests = 8;
const modes = ['All', 'ExactCount'];

export function* validateDeviceClaim({ requests = [], constraints = [], config = [] }: V1DeviceClaim, field: string): Errors {
  const names = new Set<string>();
  yield* atMost(requests, `${field}.requests`);
  for (const [index, request] of requests.entries()) yield* validateRequest(request, `${field}.requests[${index}]`, names);
  yield* atMost(constraints, `${field}.constraints`);
  for (const [index, constraint] of constraints.entries()) yield* validateConstraint(constraint, `${field}.constraints[${index}]`, names);
  yield* atMost(config, `${field}.config`);
  for (const [index, { requests: of = [], opaque }] of config.entries()) {
    yield* validateReferences(of, `${field}.config[${index}].requests`, names);
    yield* validateConfiguration(opaque, `${field}.config[${index}]`);
  }
}

function* atMost(items: readonly unknown[], field: string): Errors {
  if (items.length > maxItems) yield tooMany(field, items.length, maxItems);
}

function* validateName(name: string | undefined, field: string, names: Set<string>, prefix = ''): Errors {
  if (!name) {
    yield required(field);
    return;
  }
  yield* dnsLabel(field, name);
  if (names.has(prefix + name)) yield duplicate(field, name);
  names.add(prefix + name);
}

function* validateRequest({ name, exactly, firstAvailable = [] }: V1DeviceRequest, field: string, names: Set<string>): Errors {
  yield* validateName(name, `${field}.name`, names);
  const detail = 'exactly one of `exactly` or `firstAvailable` is required';
  if (!exactly && firstAvailable.length === 0) yield required(field, detail);
  else if (exactly && firstAvailable.length > 0) yield invalid(field, '', detail);
  if (exactly) yield* validateExact(exactly, `${field}.exactly`);
  if (firstAvailable.length > maxSubrequests) yield tooMany(`${field}.firstAvailable`, firstAvailable.length, maxSubrequests);
  for (const [index, request] of firstAvailable.entries()) {
    yield* validateName(request.name, `${field}.firstAvailable[${index}].name`, names, `${name}/`);
    yield* validateExact(request, `${field}.firstAvailable[${index}]`);
  }
}

function* validateExact(request: V1ExactDeviceRequest | V1DeviceSubRequest, field: string): Errors {
  const { deviceClassName, allocationMode, count } = request;
  if (deviceClassName) yield* dnsSubdomain(`${field}.deviceClassName`, deviceClassName);
  else yield required(`${field}.deviceClassName`);
  yield* validateSelectors(request.selectors ?? [], `${field}.selectors`);
  yield* oneOf(`${field}.allocationMode`, allocationMode, modes);
  if (allocationMode === 'All' && count) yield invalid(`${field}.count`, count, "must not be specified when allocationMode is 'All'");
  if (allocationMode === 'ExactCount' && (count ?? 0) <= 0) yield invalid(`${field}.count`, count ?? 0, 'must be greater than zero');
  for (const [index, toleration] of (request.tolerations ?? []).entries()) yield* validateToleration(toleration, `${field}.tolerations[${index}]`);
}

export function* validateSelectors(selectors: readonly V1DeviceSelector[], field: string): Errors {
  yield* atMost(selectors, field);
  for (const [index, { cel }] of selectors.entries()) {
    if (!cel) yield required(`${field}[${index}].cel`);
    else if (!cel.expression) yield required(`${field}[${index}].cel.expression`);
  }
}

function* validateToleration({ key, operator, value, effect }: V1DeviceToleration, field: string): Errors {
  if (key) yield* invalidFor(`${field}.key`, key, checkQualifiedName(key));
  yield* oneOf(`${field}.operator`, operator, ['Equal', 'Exists']);
  if (operator === 'Exists' && value) yield invalid(`${field}.value`, value, 'must be empty for operator `Exists`');
  if (operator === 'Equal' && !key) yield required(`${field}.key`, 'must not be empty for operator `Equal`');
  if (effect) yield* oneOf(`${field}.effect`, effect, ['NoExecute', 'NoSchedule', 'None']);
}

function* validateConstraint(constraint: V1DeviceConstraint, field: string, names: ReadonlySet<string>): Errors {
  yield* validateReferences(constraint.requests ?? [], `${field}.requests`, names);
  const attribute = constraint.matchAttribute ?? constraint.distinctAttribute;
  const at = `${field}.${constraint.matchAttribute === undefined ? 'distinctAttribute' : 'matchAttribute'}`;
  if (attribute === undefined) yield required(`${field}.matchAttribute`);
  else {
    const [domain = '', name, ...rest] = attribute.split('/');
    if (name === undefined || rest.length > 0) yield invalid(at, attribute, 'must include a domain');
    else yield* invalidFor(at, domain, checkDnsSubdomain(domain));
  }
}

function* validateReferences(references: readonly string[], field: string, names: ReadonlySet<string>): Errors {
  for (const [index, name] of references.entries()) {
    if (!names.has(name)) yield invalid(`${field}[${index}]`, name, 'must be the name of a request in the claim or the name of a request and a subrequest separated by \'/\'');
    if (references.indexOf(name) < index) yield duplicate(`${field}[${index}]`, name);
  }
}

export function* validateConfiguration(opaque: V1OpaqueDeviceConfiguration | undefined, field: string): Errors {
  if (!opaque) {
    yield required(`${field}.opaque`);
    return;
  }
  yield* csiDriverName(`${field}.opaque.driver`, opaque.driver ?? '');
  if (opaque.parameters === undefined || opaque.parameters === null) yield required(`${field}.opaque.parameters`);
  else if (typeof opaque.parameters !== 'object' || Array.isArray(opaque.parameters)) yield invalid(`${field}.opaque.parameters`, '<value omitted>', 'must be a valid JSON object');
}
