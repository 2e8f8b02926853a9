/** What a certificate (RFC 5280) says of itself, in its PEM armour. Pure; nothing of it is verified. */
import { childrenOf, readElement, tags, type Element } from './der.ts';
import { firstBlock } from './pem.ts';

/** When the first certificate of the text ends, in milliseconds since the epoch; undefined where there is none that can be read. */
export function certificateEnd(pem: string): number | undefined {
  const block = firstBlock(pem);
  if (block?.type !== 'CERTIFICATE' || block.bytes === undefined) return undefined;
  const [content] = childrenOf(readElement(block.bytes), tags.sequence) ?? [];
  const fields = childrenOf(content, tags.sequence) ?? [];
  // The version comes first where it is given, tagged [0]; then serial number, algorithm, issuer, validity.
  const validity = fields[fields[0]?.tag === 0xa0 ? 4 : 3];
  return timeOf(childrenOf(validity, tags.sequence)?.[1]);
}

function timeOf(element: Element | undefined): number | undefined {
  const text = new TextDecoder().decode(element?.content);
  // UTCTime has two digits of the year, those below 50 are of this century.
  const full = element?.tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hours, minutes, seconds] = (/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? []).map(Number);
  return year === undefined || month === undefined ? undefined : Date.UTC(year, month - 1, day, hours, minutes, seconds);
}
