/** Everything that can go wrong between us and the Docker Engine, as a closed set of codes. */

export type EngineErrorCode =
  /** No engine answers at the address. */
  | 'Missing'
  /** The engine is there, but this user may not talk to it. */
  | 'Forbidden'
  /** The engine's API is older than `oldestApiVersion`. */
  | 'TooOld'
  /** The address is of a kind that is not supported. */
  | 'BadAddress'
  /** The engine answered 404. */
  | 'NotFound'
  /** The engine answered 409. */
  | 'Conflict'
  /** The engine answered with another error; the message is the engine's. */
  | 'Refused'
  /** The connection broke in the middle of a call. */
  | 'Lost';

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  /** What the user can do about it. */
  readonly hint: string | undefined;
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions & { readonly hint?: string }) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
    this.hint = options?.hint;
  }
}

export function isEngineError(error: unknown, code: EngineErrorCode): boolean {
  return error instanceof EngineError && error.code === code;
}

/** An answer of the engine that is not a success. */
export function refusal(status: number, body: string): EngineError {
  const code = status === 404 ? 'NotFound' : status === 409 ? 'Conflict' : 'Refused';
  return new EngineError(code, messageOf(body) ?? `the engine answered ${status}`);
}

function messageOf(body: string): string | undefined {
  try {
    const message: unknown = JSON.parse(body).message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return body === '' ? undefined : body;
  }
}

/** A socket's error, told so that a user knows what to do. */
export function connectionError(address: string, error: unknown): EngineError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return new EngineError('Forbidden', `permission denied while talking to the Docker Engine at ${address}`, {
      cause: error,
      hint: 'Add your user to the group "docker" and log in again, or use a rootless engine.',
    });
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code === 'EHOSTUNREACH') {
    return new EngineError('Missing', `no Docker Engine answers at ${address}`, {
      cause: error,
      hint: 'Install Docker and start it; if it listens elsewhere, set DOCKER_HOST or choose a docker context.',
    });
  }
  return new EngineError('Lost', `the connection to the Docker Engine at ${address} broke: ${(error as Error).message}`, { cause: error });
}
