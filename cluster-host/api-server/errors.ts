/**
 * What the API server can refuse, as a closed set of factories. Each makes the Status that Kubernetes' `api/errors` makes,
 * word for word; nothing else in the server builds a failure Status.
 */
import type { V1Status, V1StatusCause } from '../api/generated/types.ts';
import type { FieldError } from '../api/field-error.ts';

/** Thrown anywhere inside a request; ends it with its Status. */
export class ApiFailure extends Error {
  readonly status: V1Status;
  /** Headers that go with the answer, for example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: V1Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message ?? '');
    this.name = 'ApiFailure';
    this.status = status;
    this.headers = headers;
  }
  get code(): number {
    return this.status.code ?? 500;
  }
}

/** The resource that an error speaks of: `pods`, `deployments.apps`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

type Details = NonNullable<V1Status['details']>;

function failure(code: number, reason: string, message: string, details?: Details, headers?: Readonly<Record<string, string>>): ApiFailure {
  const status: V1Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason === '' ? {} : { reason }) };
  if (details !== undefined) status.details = details;
  status.code = code;
  return new ApiFailure(status, headers);
}

function qualified({ group, plural }: ResourceName): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf({ group, plural }: ResourceName, name: string): Details {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
}

export function notFound(resource: ResourceName, name: string): ApiFailure {
  return failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** No such path: the resource or group-version is not served. */
export function pathNotFound(): ApiFailure {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: ResourceName, name: string): ApiFailure {
  return failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));
}

/** A generated name was taken, over and over. */
export function generateNameConflict(resource: ResourceName, name: string): ApiFailure {
  const message = `${qualified(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function conflict(resource: ResourceName, name: string, why: string): ApiFailure {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`, detailsOf(resource, name));
}

export const modifiedMessage = 'the object has been modified; please apply your changes to the latest version and try again';

/** Server-side apply met fields of other managers. */
export function applyConflict(message: string, causes: V1StatusCause[]): ApiFailure {
  return failure(409, 'Conflict', message, { causes });
}

/** 422 with every cause. */
export function invalid(kind: { readonly group: string; readonly kind: string }, name: string, errors: readonly FieldError[]): ApiFailure {
  const causes = errors.map(({ type, field, message }): V1StatusCause => ({ reason: type, message, field }));
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const all = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  const qualifiedKind = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const details: Details = { ...(name === '' ? {} : { name }), ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.kind };
  if (causes.length > 0) details.causes = causes;
  return failure(422, 'Invalid', `${qualifiedKind} "${name}" is invalid${errors.length === 0 ? '' : `: ${all}`}`, details);
}

export function badRequest(message: string): ApiFailure {
  return failure(400, 'BadRequest', message);
}

export function unauthorized(): ApiFailure {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

/** `why` is the whole text after `forbidden: `. */
export function forbidden(resource: ResourceName, name: string, why: string): ApiFailure {
  const subject = resource.plural === '' ? 'forbidden' : name === '' ? `${qualified(resource)} is forbidden` : `${qualified(resource)} "${name}" is forbidden`;
  return failure(403, 'Forbidden', `${subject}: ${why}`, resource.plural === '' ? {} : detailsOf(resource, name));
}

export function methodNotAllowed(resource: ResourceName): ApiFailure {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', detailsOf(resource, ''));
}

export function notAcceptable(types: readonly string[]): ApiFailure {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);
}

export function unsupportedMediaType(types: readonly string[]): ApiFailure {
  return failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`);
}

export function bodyTooLarge(limit: number): ApiFailure {
  return failure(413, 'RequestEntityTooLarge', `Request entity is too large: limit is ${limit}`);
}

/** 410: what was asked for is no longer kept. */
export function expired(message: string): ApiFailure {
  return failure(410, 'Expired', message);
}

/** The revision lies ahead of what this server has seen. */
export function futureResourceVersion(asked: number, current: number): ApiFailure {
  const message = `Too large resource version: ${asked}, current: ${current}`;
  return failure(504, 'Timeout', message, { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 }, { 'retry-after': '1' });
}

export function tooManyRequests(message: string, retryAfterSeconds: number): ApiFailure {
  const details: Details = retryAfterSeconds > 0 ? { retryAfterSeconds } : {};
  return failure(429, 'TooManyRequests', message, details, retryAfterSeconds > 0 ? { 'retry-after': String(retryAfterSeconds) } : {});
}

/** An eviction that a disruption budget does not allow now. */
export function disruptionRefused(causes: V1StatusCause[]): ApiFailure {
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", { causes });
}

export function serviceUnavailable(message: string): ApiFailure {
  return failure(503, 'ServiceUnavailable', message);
}

export function internalError(message: string): ApiFailure {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}
