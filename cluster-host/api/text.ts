/**
 * Texts and values written as Kubernetes writes them in messages: Go's quoting, Go's JSON, lengths in bytes.
 *
 * Clients and people compare these messages, so the quoting is part of the answer.
 */

const encoder = new TextEncoder();

/** Length in UTF-8 bytes: every length limit of Kubernetes counts bytes. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Whether the text takes more bytes than that; most texts are too short for it to be worth counting. */
export function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && byteLength(text) > bytes;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** A double-quoted text, as Go's `%q` prints it. */
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    quoted += shortEscapes[character] ?? (printable.test(character) ? character : escaped(character.codePointAt(0) ?? 0));
  }
  return `${quoted}"`;
}

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** JSON on one line with `<`, `>` and `&` escaped, as Go's encoder writes it. Keys keep their order. */
export function goJson(value: unknown): string {
  const json = JSON.stringify(value ?? null);
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** One message for several: alone as it is, otherwise in brackets, each once. */
export function aggregate(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return messages.length === 1 || distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]`;
}
