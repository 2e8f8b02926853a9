/** Whether two values of JSON say the same; a field that is undefined or null is as good as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if ((a ?? undefined) === (b ?? undefined)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].every((field) => sameJson((a as Record<string, unknown>)[field], (b as Record<string, unknown>)[field]));
}
