/**
 * CEL expressions as Kubernetes has them (https://kubernetes.io/docs/reference/using-api/cel/): parsed once, evaluated
 * within limits. Types are those of the values: what does not fit is an error of the evaluation.
 */
import { Environment, Optional, type ASTNode } from '@marcbachmann/cel-js';
import { failed, ok, type Result } from '../result.ts';
import { registerFunctions } from './cel-functions.ts';

export interface CelExpression {
  /** Whether it looks at the state before the change. */
  readonly usesOld: boolean;
  /** How deep its loops over lists and maps stand in one another. */
  readonly loopDepth: number;
  evaluate(self: unknown, oldSelf: unknown): Result<unknown>;
}

/** A value that may be missing, as expressions handle it: `oldSelf.hasValue()`. */
export function optionalOf(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

/** Steps that loops of one evaluation may take; Kubernetes' own budget is of the same order. */
const loopBudget = 10_000_000;
const limits = { maxAstNodes: 10_000, maxDepth: 100 };
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map', 'transformList', 'transformMap', 'transformMapEntry']);

function environmentOf(oldSelf: 'dyn' | 'optional<dyn>'): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits });
  return registerFunctions(environment).registerVariable('self', 'dyn').registerVariable('oldSelf', oldSelf);
}

const environment = environmentOf('dyn');
/** For rules that also hold for new objects (`optionalOldSelf`). */
const environmentOfOptional = environmentOf('optional<dyn>');

const compiled = new Map<string, Result<CelExpression>>();
const keptExpressions = 5000;

/** The error is why it does not compile. */
export function compileCel(source: string, optionalOldSelf = false): Result<CelExpression> {
  const key = `${optionalOldSelf} ${source}`;
  let expression = compiled.get(key);
  if (expression === undefined) {
    expression = compile(source, optionalOldSelf ? environmentOfOptional : environment);
    if (compiled.size >= keptExpressions) compiled.clear();
    compiled.set(key, expression);
  }
  return expression;
}

function compile(source: string, within: Environment): Result<CelExpression> {
  try {
    const parsed = within.parse(withRe2(source));
    const checked = parsed.check();
    if (!checked.valid) return failed(summaryOf(checked.error));
    const loopDepth = loopDepthOf(parsed.ast);
    return ok({
      usesOld: names(parsed.ast, 'oldSelf'),
      loopDepth,
      evaluate(self, oldSelf) {
        if (sizeOf(self) ** loopDepth > loopBudget) return failed('call cost exceeds limit');
        try {
          return ok(parsed({ self, oldSelf }) as unknown);
        } catch (error) {
          return failed(summaryOf(error));
        }
      },
    });
  } catch (error) {
    return failed(summaryOf(error));
  }
}

/** The library matches with JavaScript's regular expressions, which are others than RE2 and may take for ever. */
export function withRe2(source: string): string {
  return source.replaceAll(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\.\s*matches\s*\(/g, (_whole, text?: string) => text ?? '.re2Matches(');
}

export function summaryOf(error: unknown): string {
  const summary = error instanceof Error && 'summary' in error ? String(error.summary) : String(error);
  return summary.replace(/^No such key/, 'no such key');
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  const nodes: ASTNode[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null && 'op' in value) nodes.push(value as ASTNode);
  };
  collect(node.args);
  return nodes;
}

function names(node: ASTNode, name: string): boolean {
  return (node.op === 'id' && node.args === name) || childrenOf(node).some((child) => names(child, name));
}

function loopDepthOf(node: ASTNode): number {
  const deepest = Math.max(0, ...childrenOf(node).map(loopDepthOf));
  return node.op === 'rcall' && loops.has(node.args[0]) ? deepest + 1 : deepest;
}

/** Items and entries in a value, at all levels. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return items.reduce<number>((sum, item) => sum + sizeOf(item), 1);
}
