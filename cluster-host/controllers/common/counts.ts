/** A status as Kubernetes writes it: counts of zero and empty lists are left out, but for the fields that are always there. */
export function leaveOutZeros<T extends object>(status: T, always: readonly (keyof T & string)[] = []): T {
  const said = ([field, value]: [string, unknown]): boolean => always.some((name) => name === field) || !(value === 0 || (Array.isArray(value) && value.length === 0));
  return Object.fromEntries(Object.entries(status).filter(([field, value]) => value !== undefined && said([field, value]))) as T;
}
