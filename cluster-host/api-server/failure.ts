/**
 * How a request ends without success: thrown anywhere inside it, turned into its Status by the request chain alone.
 * The Status comes from a factory of `api/status.ts`, never from a literal.
 */
import type { V1Status } from '../api/generated/types.ts';

export class ApiFailure extends Error {
  readonly status: V1Status;
  /** Sent along with the Status. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: V1Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message ?? '');
    this.name = 'ApiFailure';
    this.status = status;
    this.headers = headers;
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
