/** Filling in what an object leaves out. */

/** Sets each field of `defaults` that the object lacks or has empty. Zero counts as given: see `fillZero`. */
export function fill<T extends object>(object: T, defaults: { readonly [K in keyof T]?: T[K] }): void {
  for (const key in defaults) {
    const value: unknown = object[key];
    if (value === undefined || value === null || value === '') object[key] = defaults[key] as T[typeof key];
  }
}

/** As `fill`, for numbers that mean nothing when they are zero. */
export function fillZero<T extends object>(object: T, defaults: { readonly [K in keyof T]?: T[K] }): void {
  for (const key in defaults) if (!object[key]) object[key] = defaults[key] as T[typeof key];
}
