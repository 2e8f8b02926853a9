/** Rules of a schema, each compiled once for all objects. */
import { Environment, type Expression } from '../cel/environment.ts';
import { optionalOf } from '../cel/types.ts';
import type { V1JSONSchemaProps, V1ValidationRule } from '../generated/types.ts';
import { failed, type Result } from '../result.ts';
import { typeAtPath, type DeclaredType } from './declared-types.ts';

export interface CompiledRule {
  readonly rule: V1ValidationRule;
  readonly expression: Expression;
  readonly usesOld: boolean;
  readonly message?: Expression;
}

/** Environments of one type: with `oldSelf` as it is, and as an optional one. */
export class RuleCompiler {
  readonly #type: DeclaredType;
  #plain: Environment | undefined;
  #optional: Environment | undefined;

  constructor(type: DeclaredType) {
    this.#type = type;
  }

  #environment(isOptional: boolean): Environment {
    const { type } = this.#type;
    if (isOptional) return (this.#optional ??= new Environment({ self: type, oldSelf: optionalOf(type) }));
    return (this.#plain ??= new Environment({ self: type, oldSelf: type }));
  }

  /** The error is the whole message of Kubernetes. */
  compileRule({ rule, optionalOldSelf }: V1ValidationRule): Result<Expression> {
    const compiled = this.#environment(optionalOldSelf === true).compile(rule);
    if (!compiled.ok) return failed(`compilation failed: ${compiled.error}`);
    return compiled.value.type.kind === 'bool' ? compiled : failed('cel expression must evaluate to a bool');
  }

  compileMessage({ messageExpression = '', optionalOldSelf }: V1ValidationRule): Result<Expression> {
    const compiled = this.#environment(optionalOldSelf === true).compile(messageExpression);
    if (!compiled.ok) return failed(`messageExpression compilation failed: ${compiled.error}`);
    return compiled.value.type.kind === 'string' ? compiled : failed('messageExpression must evaluate to a string');
  }

  /** What evaluating it once may cost at most. */
  maxCost(expression: Expression): number {
    return expression.estimate((path) => {
      const found = typeAtPath(this.#type, path);
      return found === undefined ? undefined : { min: 0, max: found.maxSize };
    }).max;
  }
}

const kept = new WeakMap<V1JSONSchemaProps, readonly CompiledRule[]>();

/** Rules that do not compile are refused with their definition, and left out here. */
export function compiledRules(schema: V1JSONSchemaProps, type: DeclaredType): readonly CompiledRule[] {
  let rules = kept.get(schema);
  if (rules === undefined) {
    const compiler = new RuleCompiler(type);
    rules = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => {
      const expression = compiler.compileRule(rule);
      if (!expression.ok) return [];
      const message = rule.messageExpression ? compiler.compileMessage(rule) : undefined;
      return [{ rule, expression: expression.value, usesOld: expression.value.variables.has('oldSelf'), ...(message?.ok === true && { message: message.value }) }];
    });
    kept.set(schema, rules);
  }
  return rules;
}

