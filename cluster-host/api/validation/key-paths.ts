/** Which keys of a ConfigMap or Secret become which files of a volume. */
import type { V1KeyToPath } from '../generated/types.ts';
import type { Errors } from './errors.ts';
import { requiredText } from './errors.ts';
import { fileMode, nonReservedPath } from './paths.ts';

export function* validateKeyPaths(items: readonly V1KeyToPath[], field: string): Errors {
  for (const [index, item] of items.entries()) yield* validateKeyPath(item, `${field}[${index}]`);
}

export function* validateKeyPath({ key, path, mode }: V1KeyToPath, field: string): Errors {
  yield* requiredText(`${field}.key`, key);
  yield* requiredText(`${field}.path`, path);
  yield* nonReservedPath(`${field}.path`, path ?? '');
  yield* fileMode(`${field}.mode`, mode);
}
