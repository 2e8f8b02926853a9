/** Kubernetes' regular expression functions. */
import { compilePattern } from '../../patterns.ts';
import { matching } from '../cost.ts';
import type { FunctionRow } from '../functions.ts';
import { CelError, CelList } from '../values.ts';

function found(text: string, expression: string, limit: number): string[] {
  const pattern = compilePattern(expression);
  if (!pattern.ok) throw new CelError(`Illegal regex: error parsing regexp: ${pattern.error}`);
  const matcher = pattern.value.matcher(text);
  const parts: string[] = [];
  while (parts.length < limit && matcher.find()) parts.push(matcher.group() ?? '');
  return parts;
}

export const regex: readonly FunctionRow[] = [
  ['string.find(string): string', (text: string, expression: string) => found(text, expression, 1)[0] ?? '', matching(true)],
  ['string.findAll(string): list<string>', (text: string, expression: string) => new CelList(found(text, expression, Infinity)), matching(true)],
  ['string.findAll(string, int): list<string>', (text: string, expression: string, limit: bigint) => new CelList(found(text, expression, limit < 0n ? Infinity : Number(limit))), matching(true)],
];
