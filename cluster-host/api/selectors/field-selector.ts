/** Field selectors: `metadata.name=web,status.phase!=Running` (https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/). */
import type { Result } from '../result.ts';
import { failed, ok } from '../result.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** All requirements must hold. */
export type FieldSelector = readonly FieldRequirement[];

/** Which fields a kind supports is not known here: the caller checks each requirement's field. */
export function parseFieldSelector(text: string): Result<FieldSelector> {
  const requirements: FieldRequirement[] = [];
  for (const term of terms(text).toSorted()) {
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (match === null) return failed(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = '', operator, escaped = ''] = match;
    const value = unescape(escaped);
    if (!value.ok) return value;
    requirements.push({ field, equal: operator !== '!=', value: value.value });
  }
  return ok(requirements.filter(({ field, value }) => field !== '' || value !== ''));
}

/** Splits at commas that no backslash precedes; empty terms are left out. */
function terms(text: string): readonly string[] {
  return text.match(/(?:\\[\s\S]|[^\\,]|\\$)+/g) ?? [];
}

function unescape(escaped: string): Result<string> {
  let value = '';
  for (const [part] of escaped.matchAll(/\\[\s\S]?|[^\\]/gu)) {
    if (part === '=' || part === ',') return failed(`invalid field selector: unescaped character in value: ${part.charCodeAt(0)}`);
    if (part.startsWith('\\') && !/^\\[\\,=]$/.test(part)) return failed(`invalid field selector: invalid escape sequence: ${part}`);
    value += part.startsWith('\\') ? part.slice(1) : part;
  }
  return ok(value);
}

/** `valueOf` gives a field's text; empty where the object has none. */
export function matchesFields(selector: FieldSelector, valueOf: (field: string) => string): boolean {
  return selector.every(({ field, equal, value }) => (valueOf(field) === value) === equal);
}

/** The value that the selector asks a field to have, if it asks for exactly one. */
export function requiredFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find((one) => one.equal && one.field === field)?.value;
}

export function formatFieldSelector(selector: FieldSelector): string {
  return selector.map(({ field, equal, value }) => `${field}${equal ? '=' : '!='}${value.replaceAll(/[\\,=]/g, String.raw`\$&`)}`).join(',');
}
