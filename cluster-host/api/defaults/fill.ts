/** Filling in what an object leaves out. */

type Defaults<T> = { readonly [K in keyof T]?: T[K] };

/** Sets each field of `defaults` that the object lacks; an empty text or zero counts as given. */
export function fill<T extends object>(object: T, defaults: Defaults<T>): void {
  for (const key in defaults) object[key] ??= defaults[key] as T[typeof key];
}

/** As `fill`, for fields that cannot tell empty or zero from missing. */
export function fillEmpty<T extends object>(object: T, defaults: Defaults<T>): void {
  for (const key in defaults) if (!object[key]) object[key] = defaults[key] as T[typeof key];
}
