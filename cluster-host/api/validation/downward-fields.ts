/** References from containers and volumes to fields of their own pod (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/). */
import { invalid, notSupported, required } from '../field-errors.ts';
import type { V1ObjectFieldSelector, V1ResourceFieldSelector } from '../generated/types.ts';
import { formatQuantity, quantityOf } from '../quantity.ts';
import type { Errors } from './errors.ts';
import { qualifiedName, requiredText } from './errors.ts';

export const envFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export const fileFields: readonly string[] = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** Every field that either form knows, and an old name of one. */
const knownFields: ReadonlySet<string> = new Set([...envFields, ...fileFields, 'spec.host', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);

const subscripted = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/;

export function* validateFieldRef({ apiVersion, fieldPath }: V1ObjectFieldSelector, allowed: readonly string[], field: string): Errors {
  if (!apiVersion) {
    yield required(`${field}.apiVersion`);
    return;
  }
  if (!fieldPath) {
    yield required(`${field}.fieldPath`);
    return;
  }
  const problem = conversionProblem(apiVersion, fieldPath);
  if (problem !== undefined) {
    yield invalid(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`);
    return;
  }
  const [, path, key = ''] = subscripted.exec(fieldPath) ?? [];
  if (path !== undefined) yield* qualifiedName(field, path === 'metadata.annotations' ? key.toLowerCase() : key);
  else if (!allowed.includes(fieldPath)) yield notSupported(`${field}.fieldPath`, fieldPath, allowed);
}

function conversionProblem(apiVersion: string, fieldPath: string): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscripted.test(fieldPath)) return undefined;
  const subscript = /^(.*)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) return `field label does not support subscript: ${fieldPath}`;
  return knownFields.has(fieldPath) ? undefined : `field label not supported: ${fieldPath}`;
}

const resourceNames = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** `inVolume` says that the container has to be named. */
export function* validateResourceFieldRef(reference: V1ResourceFieldSelector, field: string, inVolume: boolean): Errors {
  const { containerName, resource = '', divisor } = reference;
  if (inVolume && !containerName) yield required(`${field}.containerName`);
  else if (resource === '') yield* requiredText(`${field}.resource`, resource);
  else if (!resourceNames.includes(resource) && !isHugePages(resource)) yield notSupported(`${field}.resource`, resource, resourceNames);
  yield* validateDivisor(resource, divisor, field);
}

function isHugePages(resource: string): boolean {
  return /^(?:requests|limits)\.hugepages-/.test(resource);
}

function* validateDivisor(resource: string, divisor: string | undefined, field: string): Errors {
  const quantity = quantityOf(divisor);
  if (quantity.nanos === 0n) return;
  const kind = isHugePages(resource) ? 'hugepages' : resource.replace(/^(?:requests|limits)\./, '');
  const supported = kind === 'cpu' ? ['1m', '1'] : byteDivisors;
  const names: Readonly<Record<string, string>> = { cpu: 'cpu', memory: 'memory', 'ephemeral-storage': 'local ephemeral storage', hugepages: 'hugepages' };
  const name = Object.hasOwn(names, kind) ? names[kind] : undefined;
  if (name === undefined || supported.includes(formatQuantity(quantity))) return;
  const list = kind === 'cpu' ? '1m and 1' : supported.join(', ');
  yield invalid(`${field}.divisor`, resource, `only divisor's values ${list} are supported with the ${name} resource`);
}
