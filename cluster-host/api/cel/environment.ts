/**
 * CEL as Kubernetes has it (https://kubernetes.io/docs/reference/using-api/cel/): an environment says what expressions may
 * name; compiled in it, an expression is checked once and evaluated within limits.
 */
import { failed, ok, type Result } from '../result.ts';
import { check, type CheckedExpr, type Declarations } from './checker.ts';
import { estimateCost, type SizeOfPath } from './cost-estimate.ts';
import type { Range } from './cost.ts';
import type { FunctionRow, Functions } from './functions.ts';
import { functionsWith } from './library/libraries.ts';
import { parse } from './parser.ts';
import { plan, type Step } from './plan.ts';
import { showProblems } from './source.ts';
import type { CelType } from './types.ts';
import { validateLiterals } from './literal-checks.ts';
import { CelError, CostExceeded } from './values.ts';

/** What one evaluation may cost, and all of one object's. */
export const perCallLimit = 1_000_000;
export const objectBudget = 10_000_000;

export interface Evaluation {
  readonly result: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string; readonly isTooExpensive: boolean };
  readonly cost: number;
}

export interface Expression {
  readonly type: CelType;
  /** Names of the environment that it uses. */
  readonly variables: ReadonlySet<string>;
  estimate(sizeOfPath?: SizeOfPath): Range;
  /** `undefined` is no value: a variable without one is an error where it is used. */
  evaluate(variables: ReadonlyMap<string, unknown>, limit?: number): Evaluation;
}

/** Made when the first expression is compiled. */
let common: Functions | undefined;

export class Environment {
  readonly #declarations: Declarations;

  /** `structs` are those that expressions may make, by name. */
  constructor(variables: Readonly<Record<string, CelType>>, structs: ReadonlyMap<string, CelType> = new Map(), libraries: readonly (readonly FunctionRow[])[] = []) {
    this.#declarations = {
      functions: libraries.length === 0 ? (common ??= functionsWith()) : functionsWith(...libraries),
      variables: new Map(Object.entries(variables)),
      structs,
    };
  }

  /** The error tells all problems and where they are, in several lines. */
  compile(source: string): Result<Expression> {
    try {
      return this.#compile(source);
    } catch (error) {
      // Deeper than the stack: nobody writes that by hand.
      if (!(error instanceof RangeError)) throw error;
      return failed(showProblems(source, [{ line: -1, column: -1, message: 'max recursion depth exceeded' }]));
    }
  }

  #compile(source: string): Result<Expression> {
    const parsed = parse(source);
    if (!parsed.ok) return failed(showProblems(source, parsed.error));
    const { expression, problems } = check(parsed.value, this.#declarations);
    const all = problems.length > 0 ? problems : validateLiterals(expression);
    return all.length > 0 ? failed(showProblems(source, all)) : ok(new Compiled(expression));
  }
}

class Compiled implements Expression {
  readonly type: CelType;
  readonly #checked: CheckedExpr;
  #step: Step | undefined;

  constructor(checked: CheckedExpr) {
    this.#checked = checked;
    this.type = checked.types.get(checked.expression.id) as CelType;
  }

  get variables(): ReadonlySet<string> {
    return this.#checked.variables;
  }

  estimate(sizeOfPath?: SizeOfPath): Range {
    return estimateCost(this.#checked, sizeOfPath);
  }

  evaluate(variables: ReadonlyMap<string, unknown>, limit = perCallLimit): Evaluation {
    this.#step ??= plan(this.#checked);
    const frame = { variables, locals: [], limit, cost: 0 };
    try {
      const value = this.#step(frame);
      return { result: { ok: true, value }, cost: frame.cost };
    } catch (error) {
      if (!(error instanceof CelError || error instanceof CostExceeded || error instanceof RangeError)) throw error;
      return { result: { ok: false, error: error.message, isTooExpensive: error instanceof CostExceeded }, cost: frame.cost };
    }
  }
}
