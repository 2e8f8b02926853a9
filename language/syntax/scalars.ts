/** Writes texts as YAML scalars. */
import { resolvePlainScalar } from '../../cluster-host/api/decode/yaml-scalars.ts';

/** A scalar that means just the text: plain where that is safe in every context, else in double quotes. */
export function scalarOf(text: string): string {
  return /^[A-Za-z0-9_./](?:[-A-Za-z0-9_./@]|:(?=[A-Za-z0-9_./]))*$/.test(text) && resolvePlainScalar(text) === text ? text : JSON.stringify(text);
}

/** A scalar as text; nothing for what is none: an object may have a `toString` of its own that is no function. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
