/** Reads DER (X.690), the form of certificates and of requests for them. Pure; what is not well-formed is undefined. */

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With its tag and length. */
  readonly whole: Uint8Array;
}

export const tags = { integer: 0x02, bits: 0x03, octets: 0x04, objectIdentifier: 0x06, sequence: 0x30, set: 0x31 } as const;

/** The one element that the bytes are. */
export function readElement(bytes: Uint8Array): Element | undefined {
  const elements = readElements(bytes);
  return elements?.length === 1 ? elements[0] : undefined;
}

/** The elements that follow one another in the bytes. */
export function readElements(bytes: Uint8Array): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** What is inside a sequence or set. */
export function childrenOf(element: Element | undefined, tag: number): readonly Element[] | undefined {
  return element?.tag === tag ? readElements(element.content) : undefined;
}

function elementAt(bytes: Uint8Array, start: number): Element | undefined {
  const tag = bytes[start] ?? 0;
  const first = bytes[start + 1];
  // Tags of several bytes, and lengths that the end tells, are not for certificates.
  if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const from = start + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.subarray(start + 2, from).reduce((value, byte) => value * 256 + byte, 0);
  if (from + length > bytes.length) return undefined;
  return { tag, content: bytes.subarray(from, from + length), whole: bytes.subarray(start, from + length) };
}

/** `2.5.4.3`. */
export function objectIdentifierOf(element: Element | undefined): string | undefined {
  if (element?.tag !== tags.objectIdentifier || element.content.length === 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

const decoder = new TextDecoder();

/** Any of the string types; undefined for what is none. */
export function textOf(element: Element | undefined): string | undefined {
  if (element === undefined) return undefined;
  switch (element.tag) {
    case 0x0c: // UTF8String
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
      return decoder.decode(element.content);
    case 0x14: // T61String, read as Latin-1 as everybody does
      return String.fromCharCode(...element.content);
    case 0x1e: // BMPString
      return String.fromCharCode(...Array.from({ length: element.content.length >> 1 }, (_, index) => ((element.content[2 * index] ?? 0) << 8) | (element.content[2 * index + 1] ?? 0)));
    default:
      return undefined;
  }
}
