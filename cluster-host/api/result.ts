/** A value, or what is wrong (in one sentence, where nothing else is said): the return type of parsers that can fail as a whole. */
export type Result<T, E = string> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function failed<E = string>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
