/** Why a host could not start, as a user reads it: what is wrong, and what to do next. */
import { EngineError } from '../cluster.ts';
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

/** Any failure as a StartError; known codes of Node and of the engine are given their meaning. */
export function asStartError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (!(error instanceof Error)) return new StartError('internalError', String(error));
  const engine = engineErrorIn(error);
  if (engine !== undefined) return ofEngine(engine);
  const { code, message, path, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'listen') return portError(error);
  switch (code) {
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

function portError(error: NodeJS.ErrnoException): StartError {
  const why = error.code === 'EADDRINUSE' ? 'the port is taken' : 'the port cannot be taken';
  return new StartError('portTaken', `${why}: ${error.message}`, 'Choose another one with --port, or leave it out to take a free one.', { cause: error });
}

/** The engine's error that led to this one. */
function engineErrorIn(error: unknown): EngineError | undefined {
  if (error instanceof EngineError) return error;
  return error instanceof Error ? engineErrorIn(error.cause) : undefined;
}

const withoutEngine = 'To try Kubicle without Docker: kubicle up --name simulated --runtime simulated (pods run in a model, no containers).';

function ofEngine(error: EngineError): StartError {
  const { code, message, hint } = error;
  switch (code) {
    case 'Missing':
    case 'Lost':
    case 'TooOld':
    case 'BadAddress':
      return new StartError('dockerUnavailable', message, [hint ?? 'See whether Docker runs, and start the cluster again.', withoutEngine].join('\n'), { cause: error });
    case 'Forbidden':
      return new StartError('dockerForbidden', message, [hint, withoutEngine].join('\n'), { cause: error });
    case 'NotFound':
    case 'Conflict':
    case 'Refused':
      return new StartError('internalError', `the Docker Engine refused: ${message}`, undefined, { cause: error });
  }
}
