/** Values of a Secret's `data`: base64. Pure. */

export function secretBytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export function secretText(base64: string): string {
  return new TextDecoder().decode(secretBytes(base64));
}
