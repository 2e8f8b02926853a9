/** Equality of decoded objects as Kubernetes compares them: an empty list or text equals a missing one. */

type Fields = Readonly<Record<string, unknown>>;

/** Whether two decoded values mean the same. Key order is of no matter, list order is. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isFields(a) || !isFields(b)) return false;
  for (const key in a) if (!equal(a[key], ownValue(b, key))) return false;
  for (const key in b) if (!Object.hasOwn(a, key) && !isEmpty(b[key])) return false;
  return true;
}

/** Keys may be called as the members that every object has. */
function ownValue(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** Values that Kubernetes leaves out when it writes an object, and so cannot tell from missing ones. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return false;
}
