/** File paths in fields. */
import { invalid } from '../field-errors.ts';
import type { Errors } from './errors.ts';

/** No step of the path is `..`. */
export function* noBacksteps(field: string, path: string): Errors {
  if (path.split('/').includes('..')) yield invalid(field, path, "must not contain '..'");
}

/** A relative path that stays below where it starts. */
export function* descendingPath(field: string, path: string): Errors {
  if (path.startsWith('/')) yield invalid(field, path, 'must be a relative path');
  yield* noBacksteps(field, path);
}

/** A descending path that does not start with `..` even as part of a name: such names are taken by atomic volume writers. */
export function* nonReservedPath(field: string, path: string): Errors {
  yield* descendingPath(field, path);
  if (path.startsWith('..') && !path.startsWith('../')) yield invalid(field, path, "must not start with '..'");
}

export function* fileMode(field: string, mode: number | undefined): Errors {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) yield invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}
