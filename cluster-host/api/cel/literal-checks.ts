/** What Kubernetes asks of literals besides their types: texts that a function could never take, and collections of one type. */
import { compilePattern } from '../patterns.ts';
import { childrenOf, type Expr, type ListLiteral, type MapLiteral } from './ast.ts';
import type { CheckedExpr } from './checker.ts';
import { parseDuration, parseTimestamp } from './library/time.ts';
import type { Problem } from './source.ts';
import { dynType, formatType, sameType, unwrapOptional, type CelType } from './types.ts';

const takes: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => parseDuration(text) !== undefined,
  timestamp: (text) => parseTimestamp(text) !== undefined,
  matches: (text) => compilePattern(text).ok,
};

export function validateLiterals({ expression, types }: CheckedExpr): readonly Problem[] {
  const problems: Problem[] = [];
  const typeOf = ({ id }: Expr): CelType => types.get(id) ?? dynType;
  const visit = (node: Expr, mayMix: boolean): void => {
    if (node.kind === 'call') problems.push(...argumentProblems(node.function, node.args[0]));
    if (!mayMix && node.kind === 'list') problems.push(...listProblems(node, typeOf));
    if (!mayMix && node.kind === 'map') problems.push(...mapProblems(node, typeOf));
    // What is formatted may be of any types.
    const childMayMix = mayMix || (node.kind === 'call' && node.function === 'format');
    for (const child of childrenOf(node)) visit(child, childMayMix);
  };
  visit(expression, false);
  return problems;
}

function argumentProblems(name: string, argument: Expr | undefined): readonly Problem[] {
  const isTaken = Object.hasOwn(takes, name) ? takes[name] : undefined;
  if (isTaken === undefined || argument?.kind !== 'literal' || typeof argument.value !== 'string' || isTaken(argument.value)) return [];
  return [{ ...argument.at, message: `invalid ${name} argument` }];
}

type TypeOf = (node: Expr) => CelType;

function listProblems({ items, optional }: ListLiteral, typeOf: TypeOf): readonly Problem[] {
  return mixed(items.map((item, index) => ({ node: item, type: optional.has(index) ? unwrapOptional(typeOf(item)) : typeOf(item) }))).slice(0, 1);
}

function mapProblems({ entries }: MapLiteral, typeOf: TypeOf): readonly Problem[] {
  const values = entries.map(({ value, isOptional }) => ({ node: value, type: isOptional ? unwrapOptional(typeOf(value)) : typeOf(value) }));
  return [...mixed(entries.map(({ key }) => ({ node: key, type: typeOf(key) }))), ...mixed(values)];
}

function mixed(parts: readonly { readonly node: Expr; readonly type: CelType }[]): Problem[] {
  const [first, ...rest] = parts;
  return rest.flatMap(({ node, type }) => (first === undefined || sameType(first.type, type) ? [] : [{ ...node.at, message: `expected type '${formatType(first.type)}' but found '${formatType(type)}'` }]));
}
