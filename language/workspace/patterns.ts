/** Finds values by patterns such as `spec.volumes[].configMap.name`; `[]` stands for every item of a list. */
import { isObject } from '../../cluster-host/api/values.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';

export interface Found {
  readonly path: Path;
  readonly value: unknown;
  /** The map that holds the value's key. */
  readonly parent: Readonly<Record<string, unknown>>;
}

export function find(root: unknown, pattern: string): readonly Found[] {
  const found: Found[] = [];
  walk(root, steps(pattern), 0, [], {}, found);
  return found;
}

const known = new Map<string, readonly string[]>();

function steps(pattern: string): readonly string[] {
  let parsed = known.get(pattern);
  if (parsed === undefined) {
    parsed = pattern === '' ? [] : pattern.replaceAll('[]', '.[]').split('.');
    known.set(pattern, parsed);
  }
  return parsed;
}

function walk(value: unknown, pattern: readonly string[], at: number, path: Path, parent: Found['parent'], found: Found[]): void {
  const step = pattern[at];
  if (step === undefined) {
    if (value !== undefined && value !== null) found.push({ path, value, parent });
  } else if (step === '[]') {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, pattern, at + 1, [...path, index], parent, found);
  } else if (isObject(value) && Object.hasOwn(value, step)) {
    walk(value[step], pattern, at + 1, [...path, step], value, found);
  }
}

/** The value at a path; undefined where it is not there. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
