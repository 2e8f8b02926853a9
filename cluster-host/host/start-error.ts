/** Why a host could not start, as a user reads it: what is wrong, and what to do next. */
import type { StartErrorCode } from '../control-protocol.ts';

export class StartError extends Error {
  readonly code: StartErrorCode;
  readonly hint: string | undefined;
  constructor(code: StartErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
    this.hint = hint;
  }
}

/** Any failure as a StartError; known codes of Node are given their meaning. */
export function asStartError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (!(error instanceof Error)) return new StartError('internalError', String(error));
  const { code, message, path } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError('portTaken', `the port is taken: ${message}`, 'Choose another one with --port, or leave it out to take a free one.', { cause: error });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'ENOSPC':
    case 'ENOTDIR':
      return new StartError('stateDirectoryUnwritable', `the state directory cannot be written: ${message}`, `Make ${path ?? 'it'} writable, or choose another place with --state-dir.`, { cause: error });
    default:
      return new StartError('internalError', message, undefined, { cause: error });
  }
}
