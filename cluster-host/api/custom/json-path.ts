/**
 * The JSON paths of printer columns, scale and selectable fields
 * (https://kubernetes.io/docs/reference/kubectl/jsonpath/, the part that CustomResourceDefinitions may use).
 */
import { failed, ok, type Result } from '../result.ts';
import { isObject } from '../values.ts';

type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'all' }
  | { readonly type: 'descend' }
  | { readonly type: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: unknown };

export type JsonPath = readonly Step[];

const stepPatterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Step | undefined])[] = [
  [/^\.\.(?=[^.[])/y, () => ({ type: 'descend' })],
  [/^\.?\[\*\]/y, () => ({ type: 'all' })],
  [/^\.\*/y, () => ({ type: 'all' })],
  [/^\.?\[(-?\d+)\]/y, ([, index]) => ({ type: 'index', index: Number(index) })],
  [/^\.?\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y, ([, single, double]) => ({ type: 'field', name: unescaped(single ?? double ?? '') })],
  [/^\.?\[\?\(\s*@((?:\.(?:[^\s.[\]=!<>()\\]|\\.)+|\[[^\]]*\])*)\s*(?:(==|!=|<=|>=|<|>)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s)]+)\s*)?\)\]/y, filterOf],
  [/^\.?((?:[^.[\]\\]|\\.)+)/y, ([, name]) => ({ type: 'field', name: unescaped(name ?? '') })],
];

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

function filterOf([, pathText = '', operator = 'exists', literal = '']: RegExpExecArray): Step | undefined {
  const path = parseJsonPath(pathText);
  return path.ok ? { type: 'filter', path: path.value, operator, value: literalOf(literal) } : undefined;
}

function literalOf(text: string): unknown {
  if (/^["']/.test(text)) return unescaped(text.slice(1, -1));
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** `.status.conditions[?(@.type=="Ready")].status`. */
export function parseJsonPath(text: string): Result<JsonPath> {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '' && rest !== '.') {
    let found = false;
    for (const [pattern, make] of stepPatterns) {
      pattern.lastIndex = 0;
      const match = pattern.exec(rest);
      const step = match === null ? undefined : make(match);
      if (match === null || step === undefined) continue;
      steps.push(step);
      rest = rest.slice(match[0].length);
      if (step.type === 'descend') rest = `.${rest}`;
      found = true;
      break;
    }
    if (!found) return failed(`unrecognized character in JSON path ${JSON.stringify(text)} at ${JSON.stringify(rest)}`);
  }
  return ok(steps);
}

/** Every value that the path finds, in order. */
export function findByPath(root: unknown, path: JsonPath): readonly unknown[] {
  let values: readonly unknown[] = [root];
  for (const step of path) values = values.flatMap((value) => follow(value, step));
  return values;
}

function follow(value: unknown, step: Step): readonly unknown[] {
  switch (step.type) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index':
      return Array.isArray(value) && value.at(step.index) !== undefined ? [value.at(step.index)] : [];
    case 'all':
      return childrenOf(value);
    case 'descend':
      return descendants(value);
    case 'filter':
      return childrenOf(value).filter((child) => passes(child, step));
  }
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...childrenOf(value).flatMap(descendants)];
}

function passes(value: unknown, { path, operator, value: wanted }: Extract<Step, { type: 'filter' }>): boolean {
  const [found] = findByPath(value, path);
  if (operator === 'exists') return found !== undefined;
  if (found === undefined || typeof found !== typeof wanted) return false;
  if (operator === '==') return found === wanted;
  if (operator === '!=') return found !== wanted;
  const [left, right] = [found as number, wanted as number];
  return operator === '<' ? left < right : operator === '<=' ? left <= right : operator === '>' ? left > right : left >= right;
}
