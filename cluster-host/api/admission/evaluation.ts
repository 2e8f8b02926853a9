/** Expressions of admission at work on one request, within one budget. */
import type { Evaluation, Expression } from '../cel/environment.ts';
import { perCallLimit } from '../cel/environment.ts';
import { authorizerValue, resourceCheckValue, type AccessQuestion, type AskAccess } from '../cel/library/authorizer.ts';
import { CelError, CelMap, fromJson } from '../cel/values.ts';
import { failed, ok, type Result } from '../result.ts';

/** What an expression came to; the error says which expression it was. */
export type Outcome = Result<unknown>;

export interface AdmissionInput {
  /** As expressions see them: null where there is none. */
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: Readonly<Record<string, unknown>>;
  readonly namespaceObject?: unknown;
  readonly params?: unknown;
  /** Of `authorizer.requestResource`. */
  readonly about?: Partial<AccessQuestion>;
  readonly ask?: AskAccess;
}

/** An expression by its source; the error is why it does not compile. */
export interface CompiledExpression {
  readonly source: string;
  readonly expression: Result<Expression>;
}

export interface CompiledVariable extends CompiledExpression {
  readonly name: string;
}

/** Nothing more is evaluated, whatever comes. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

export class AdmissionEvaluation {
  readonly #variables: ReadonlyMap<string, unknown>;
  #budget: number;
  #spentOnVariables = 0;

  constructor(input: AdmissionInput, budget: number, variables: readonly CompiledVariable[] = []) {
    this.#budget = budget;
    const known = new Map<string, unknown>([
      ['object', fromJson(input.object)],
      ['oldObject', fromJson(input.oldObject)],
      ['request', fromJson(input.request)],
      ['namespaceObject', fromJson(input.namespaceObject ?? null)],
      ['params', fromJson(input.params ?? null)],
    ]);
    if (input.ask !== undefined) {
      known.set('authorizer', authorizerValue(input.ask));
      known.set('authorizer.requestResource', resourceCheckValue(input.ask, input.about ?? {}));
    }
    if (variables.length > 0) known.set('variables', new LazyVariables(variables, (variable) => this.#variable(variable)));
    this.#variables = known;
  }

  get budget(): number {
    return this.#budget;
  }

  /** Throws `OutOfBudget`. */
  evaluate({ source, expression }: CompiledExpression): Outcome {
    if (!expression.ok) return failed(`compilation error: ${expression.error}`);
    const { result, cost } = this.#run(expression.value);
    this.#budget -= this.#spentOnVariables + cost;
    this.#spentOnVariables = 0;
    if (this.#budget < 0) throw new OutOfBudget();
    return result.ok ? ok(result.value) : failed(`expression '${source}' resulted in error: ${result.error}`);
  }

  #run(expression: Expression): Evaluation {
    return expression.evaluate(this.#variables, perCallLimit);
  }

  /** Evaluated when it is asked for first, and paid for by who asks. */
  #variable({ name, expression }: CompiledVariable): unknown {
    if (!expression.ok) throw new CelError(`composited variable "${name}" fails to compile: ${expression.error}`);
    const { result, cost } = this.#run(expression.value);
    this.#spentOnVariables += cost;
    if (!result.ok) throw new CelError(`composited variable "${name}" fails to evaluate: ${result.error}`);
    return result.value;
  }
}

class LazyVariables extends CelMap {
  readonly #variables: ReadonlyMap<string, CompiledVariable>;
  readonly #evaluate: (variable: CompiledVariable) => unknown;
  readonly #values = new Map<string, unknown>();

  constructor(variables: readonly CompiledVariable[], evaluate: (variable: CompiledVariable) => unknown) {
    super();
    this.#variables = new Map(variables.map((variable) => [variable.name, variable]));
    this.#evaluate = evaluate;
  }

  get size(): number {
    return this.#variables.size;
  }

  get(key: unknown): unknown {
    const variable = typeof key === 'string' ? this.#variables.get(key) : undefined;
    if (variable === undefined) return undefined;
    if (!this.#values.has(variable.name)) this.#values.set(variable.name, this.#evaluate(variable));
    return this.#values.get(variable.name);
  }

  keys(): readonly string[] {
    return Array.from(this.#variables.keys());
  }
}
