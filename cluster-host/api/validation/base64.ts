/** Lengths of `[]byte` fields, which are base64 in JSON. */

/** How many bytes a valid base64 text holds; null is no bytes. */
export function base64Length(text: string | null): number {
  if (text === null) return 0;
  const length = text.replace(/[\r\n]/g, '').length;
  const padding = /=*\s*$/.exec(text)?.[0].trim().length ?? 0;
  return Math.floor((length * 3) / 4) - padding;
}

/** The bytes as text, one character a byte; empty where it is no base64. */
export function base64Text(text: string | null): string {
  try {
    return atob((text ?? '').replace(/\s/g, ''));
  } catch {
    return '';
  }
}
