/** The suffix that a generated ConfigMap or Secret gets from its content, so that a change of content is a new object. */
import { canonicalJson, type JsonObject } from '../../cluster-host/api/values.ts';
import { sha256 } from './sha256.ts';

/** Digits and vowels that could make words are replaced. */
const replaced: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

export function contentHash({ kind, type, data = '', binaryData, stringData }: JsonObject): string {
  const content = {
    kind,
    name: '',
    data,
    ...(kind === 'Secret' ? { type, ...(stringData === undefined ? {} : { stringData }) } : {}),
    ...(kind === 'ConfigMap' && binaryData !== undefined ? { binaryData } : {}),
  };
  return Array.from(sha256(new TextEncoder().encode(goJson(content))).slice(0, 10), (digit) => replaced[digit] ?? digit).join('');
}

/** Go escapes these in JSON. */
function goJson(value: unknown): string {
  return canonicalJson(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
