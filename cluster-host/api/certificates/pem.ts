/** PEM (RFC 7468), the armour of certificates. Pure. */

export interface PemBlock {
  /** `CERTIFICATE`. */
  readonly type: string;
  /** Undefined where the armour holds no base64. */
  readonly bytes: Uint8Array | undefined;
}

/** The first block of the text. */
export function firstBlock(text: string): PemBlock | undefined {
  const [, type, armoured = ''] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  return type === undefined ? undefined : { type, bytes: fromBase64(armoured) };
}

function fromBase64(armoured: string): Uint8Array | undefined {
  // Headers of old files end with an empty line.
  const body = armoured.includes(':') ? armoured.slice(Math.max(0, armoured.search(/\r?\n\r?\n/))) : armoured;
  try {
    return Uint8Array.from(atob(body.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
