/** Copies and comparisons of JSON values. */

/** A copy that shares nothing, as a round trip through JSON would make it: no undefined members, no prototypes. */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : copy(item)));
  if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON());
  const result: Record<string, unknown> = {};
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    // An assignment to this name would set the prototype.
    if (key === '__proto__') Object.defineProperty(result, key, { value: copy(member), enumerable: true, configurable: true, writable: true });
    else result[key] = copy(member);
  }
  return result;
}

/** Whether two JSON values say the same; the order of keys does not matter, a member that is undefined is not there. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  return contains(a, b) && contains(b, a);
}

function contains(outer: object, inner: object): boolean {
  for (const [key, value] of Object.entries(inner)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(outer, key) || !equalJson((outer as Record<string, unknown>)[key], value)) return false;
  }
  return true;
}
