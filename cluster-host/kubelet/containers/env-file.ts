/**
 * Files of variables that `fileKeyRef` names (KEP-3721): a line each, `NAME='value'`; a value may go on over lines, comments begin
 * with `#`. Pure.
 */

/** What stands in the file for the name; undefined where it is not named. `malformed`: the file is not of that form up to there. */
export function envFileValue(text: string, name: string): { readonly value: string | undefined } | { readonly malformed: true } {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const [, found, rest] = /^([^=\s]+)=(.*)$/s.exec(line) ?? [];
    if (found === undefined || rest === undefined) return { malformed: true };
    // As in a shell, a blank after the sign makes the value empty.
    if (rest === '' || /^[ \t]/.test(rest)) {
      if (rest === '') return { malformed: true };
      if (found === name) return { value: '' };
      continue;
    }
    const read = quoted(lines, at, rest);
    if (read === undefined) return { malformed: true };
    if (found === name) return { value: read.value };
    at = read.last;
  }
  return { value: undefined };
}

/** A value in single quotes that begins on this line. */
function quoted(lines: readonly string[], first: number, begun: string): { readonly value: string; readonly last: number } | undefined {
  if (!begun.startsWith("'")) return undefined;
  let value = '';
  let rest = begun.slice(1);
  for (let at = first; at < lines.length; rest = (lines[++at] ?? '').replace(/\r$/, '')) {
    const end = rest.indexOf("'");
    if (end >= 0) return /^[ \t]*(?:#.*)?$/.test(rest.slice(end + 1)) ? { value: value + rest.slice(0, end), last: at } : undefined;
    value += `${rest}\n`;
  }
  return undefined;
}
