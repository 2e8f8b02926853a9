/**
 * Factories of `Status` answers: every failure that the API server words (k8s.io/apimachinery `api/errors`).
 *
 * A resource is named by group and plural (`deployments.apps`), a kind by group and kind (`Deployment.apps`).
 */
import type { FieldError } from './field-error.ts';
import { fieldErrorText } from './field-errors.ts';
import type { V1Status, V1StatusCause, V1StatusDetails } from './generated/types.ts';
import { aggregate, quote } from './text.ts';

export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

function failure(code: number, reason: string, message: string, details?: V1StatusDetails): V1Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details === undefined ? {} : { details }), code };
}

/** `pods`, `deployments.apps`. */
export function resourceText({ group, plural }: GroupResource): string {
  return qualified(plural, group);
}

function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

/** Details as they go over the wire: what is empty is left out. `kind` holds the plural of the resource, as Kubernetes has it. */
function details(name: string, group: string, kind: string, more: V1StatusDetails = {}): V1StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), ...(kind === '' ? {} : { kind }), ...more };
}

function about(resource: GroupResource, name: string, more?: V1StatusDetails): V1StatusDetails {
  return details(name, resource.group, resource.plural, more);
}

export function notFound(resource: GroupResource, name: string): V1Status {
  return failure(404, 'NotFound', `${resourceText(resource)} ${quote(name)} not found`, about(resource, name));
}

/** A path that names no resource that is served. */
export function unknownResource(): V1Status {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: GroupResource, name: string): V1Status {
  return failure(409, 'AlreadyExists', `${resourceText(resource)} ${quote(name)} already exists`, about(resource, name));
}

/** No free name was found for a `generateName`. */
export function generateNameConflict(resource: GroupResource, name: string, retryAfterSeconds: number): V1Status {
  const message = `${resourceText(resource)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, about(resource, name, { retryAfterSeconds }));
}

export function unauthorized(message = 'Unauthorized'): V1Status {
  return failure(401, 'Unauthorized', message);
}

/** `why` completes "… is forbidden: …". */
export function forbidden(resource: GroupResource, name: string, why: string): V1Status {
  const what = [resourceText(resource), ...(name === '' ? [] : [quote(name)])].join(' ');
  const message = resource.plural === '' && resource.group === '' ? `forbidden: ${why}` : `${what} is forbidden: ${why}`;
  return failure(403, 'Forbidden', message, about(resource, name));
}

/** An optimistic write lost against another one, or the object's state does not allow the operation. */
export function conflict(resource: GroupResource, name: string, why: string): V1Status {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${resourceText(resource)} ${quote(name)}: ${why}`, about(resource, name));
}

export const objectModified = 'the object has been modified; please apply your changes to the latest version and try again';

/** Server-side apply found fields that others own. */
export function applyConflict(causes: readonly V1StatusCause[], message: string): V1Status {
  return failure(409, 'Conflict', message, { causes: [...causes] });
}

/** The revision that a list or watch asks for is no longer there. */
export function expired(message: string): V1Status {
  return failure(410, 'Expired', message);
}

export function gone(message: string): V1Status {
  return failure(410, 'Gone', message);
}

export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): V1Status {
  const start = `${qualified(kind.kind, kind.group)} ${quote(name)} is invalid`;
  const message = errors.length === 0 ? start : `${start}: ${aggregate(errors.map(fieldErrorText))}`;
  const causes = errors.map((error) => ({ reason: error.type, message: error.message, field: error.field }));
  return failure(422, 'Invalid', message, details(name, kind.group, kind.kind, causes.length === 0 ? {} : { causes }));
}

export function badRequest(message: string): V1Status {
  return failure(400, 'BadRequest', message);
}

export function methodNotSupported(resource: GroupResource, action: string): V1Status {
  return failure(405, 'MethodNotAllowed', `${action} is not supported on resources of kind ${quote(resourceText(resource))}`, about(resource, ''));
}

/** The verb does not exist at this path. */
export function methodNotAllowed(): V1Status {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function notAcceptable(accepted: readonly string[]): V1Status {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

export function unsupportedMediaType(accepted: readonly string[]): V1Status {
  return failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`);
}

/** `why`: `limit is 3145728`. */
export function requestEntityTooLarge(why: string): V1Status {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);
}

export function tooManyRequests(message: string, retryAfterSeconds: number): V1Status {
  return failure(429, 'TooManyRequests', message, { retryAfterSeconds });
}

export function serviceUnavailable(message: string): V1Status {
  return failure(503, 'ServiceUnavailable', message);
}

/** The operation could not be completed and may be tried again. */
export function serverTimeout(resource: GroupResource, operation: string, retryAfterSeconds: number): V1Status {
  const message = `The ${operation} operation against ${resourceText(resource)} could not be completed at this time, please try again.`;
  return failure(500, 'ServerTimeout', message, about(resource, operation, { retryAfterSeconds }));
}

/** The request took longer than it may. */
export function timeout(message: string, retryAfterSeconds = 0): V1Status {
  return failure(504, 'Timeout', `Timeout: ${message}`, retryAfterSeconds === 0 ? {} : { retryAfterSeconds });
}

export function internalError(message: string): V1Status {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** A failure that Kubernetes gives no reason for: kubectl prints `Error from server: …`. */
export function unclassified(message: string): V1Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 };
}

/** The answer to a deletion that is complete. */
export function deleted(resource: GroupResource, name: string, uid: string): V1Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: about(resource, name, uid === '' ? {} : { uid }) };
}

/** Success without an object to answer with. */
export function success(): V1Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
}
