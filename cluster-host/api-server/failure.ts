/**
 * How a request ends without success: thrown anywhere inside it, turned into its Status by the request chain alone.
 * The factories are those of `api/status.ts`, made into exceptions; nothing else in the server makes a failure Status.
 */
import type { V1Status } from '../api/generated/types.ts';
import * as statuses from '../api/status.ts';

export class ApiFailure extends Error {
  readonly status: V1Status;
  /** Go with the answer. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: V1Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message ?? '');
    this.name = 'ApiFailure';
    this.status = status;
    const { retryAfterSeconds } = status.details ?? {};
    this.headers = retryAfterSeconds === undefined ? headers : { ...headers, 'retry-after': String(retryAfterSeconds) };
  }

  /** The HTTP status code. */
  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

export function hasReason(error: unknown, reason: string): boolean {
  return error instanceof ApiFailure && error.reason === reason;
}

function failing<A extends unknown[]>(make: (...args: A) => V1Status): (...args: A) => ApiFailure {
  return (...args) => new ApiFailure(make(...args));
}

export const alreadyExists = failing(statuses.alreadyExists);
export const applyConflict = failing(statuses.applyConflict);
export const badRequest = failing(statuses.badRequest);
export const conflict = failing(statuses.conflict);
export const expired = failing(statuses.expired);
export const forbidden = failing(statuses.forbidden);
export const generateNameConflict = failing(statuses.generateNameConflict);
export const internalError = failing(statuses.internalError);
export const invalid = failing(statuses.invalid);
export const methodNotAllowed = failing(statuses.methodNotAllowed);
export const notAcceptable = failing(statuses.notAcceptable);
export const notFound = failing(statuses.notFound);
export const requestEntityTooLarge = failing(statuses.requestEntityTooLarge);
export const serviceUnavailable = failing(statuses.serviceUnavailable);
export const timeout = failing(statuses.timeout);
export const tooManyRequests = failing(statuses.tooManyRequests);
export const unauthorized = failing(statuses.unauthorized);
export const unknownResource = failing(statuses.unknownResource);
export const unsupportedMediaType = failing(statuses.unsupportedMediaType);
