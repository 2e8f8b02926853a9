/** What somebody changed in an object: a JSON merge patch (RFC 7386) from one state to another. Pure. */
import { isDeepStrictEqual } from 'node:util';

/** Undefined where both are the same. Lists are replaced as a whole. */
export function editsBetween(before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) return undefined;
  if (!isFields(before) || !isFields(after)) return after ?? null;
  const edits: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const edit = name in after ? editsBetween(before[name], after[name]) : null;
    if (edit !== undefined) edits[name] = edit;
  }
  return edits;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
