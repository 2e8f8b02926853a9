/** Writes DER (X.690), the form of certificates: a tag, a length, a content of up to 64 KB. */

export type Der = Buffer;

function tagged(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content.length)), content]);
}

/** As short as it can be: readers are strict. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

export const sequence = (...items: readonly Der[]): Der => tagged(0x30, ...items);
export const set = (...items: readonly Der[]): Der => tagged(0x31, ...items);
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text));
export const octets = (content: Uint8Array): Der => tagged(0x04, content);
export const truth: Der = tagged(0x01, Buffer.of(0xff));
/** `bytes`: big-endian, the first bit not set. */
export const integer = (bytes: Uint8Array): Der => tagged(0x02, bytes);
export const bits = (content: Uint8Array, unused = 0): Der => tagged(0x03, Buffer.of(unused), content);
/** A part that its number in the enclosing sequence tells apart. */
export const numbered = (number: number, content: Der): Der => tagged(0xa0 | number, content);
/** The same around the bare content, without a tag of its own. */
export const implicit = (number: number, content: Uint8Array): Der => tagged(0x80 | number, content);

/** Seconds; years up to 2049. */
export function utcTime(milliseconds: number): Der {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\..*/g, '');
  return tagged(0x17, Buffer.from(`${digits.slice(2)}Z`));
}

/** `2.5.4.3`. */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** Seven bits a byte, the highest first; all but the last byte are marked. */
function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}
