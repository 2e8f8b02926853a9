/** JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces. */
import { copy, getKey, isObject, setKey, type JsonObject } from '../values.ts';

/** Applies a patch to a copy of the document. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  return merged(copy(document), patch);
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return withoutNulls(patch);
  if (!isObject(target)) return withoutNulls(patch);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else setKey(target, key, merged(getKey(target, key), value));
  }
  return target;
}

/** What a patch adds where nothing was: its nulls remove nothing and are left out, inside lists too. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) setKey(result, key, withoutNulls(item));
  return result;
}
