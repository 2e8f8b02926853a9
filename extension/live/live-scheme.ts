/** Scheme of the addresses of live objects. */
export const liveScheme = 'kubicle';
