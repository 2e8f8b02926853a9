/** ValidatingAdmissionPolicies: compiled once, asked about requests (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/). Pure. */
import { objectBudget } from '../cel/environment.ts';
import { boolType, dynType, nullType, stringType, type CelType } from '../cel/types.ts';
import type { V1MatchCondition, V1ValidatingAdmissionPolicy, V1Validation, V1Variable } from '../generated/types.ts';
import { byteLength } from '../text.ts';
import { admissionEnvironment, compileExpression, type EnvironmentOptions } from './environment.ts';
import { AdmissionEvaluation, OutOfBudget, type AdmissionInput, type CompiledExpression, type CompiledVariable } from './evaluation.ts';
import { compileConditions, matchesConditions } from './match-conditions.ts';

export interface CompiledPolicy {
  readonly matchConditions: readonly CompiledExpression[];
  readonly variables: readonly CompiledVariable[];
  readonly validations: readonly { readonly validation: V1Validation; readonly expression: CompiledExpression; readonly message?: CompiledExpression }[];
  readonly auditAnnotations: readonly { readonly key: string; readonly value: CompiledExpression }[];
  /** What an error comes to. */
  readonly isFailing: boolean;
}

/** Later variables see earlier ones. */
export function compileVariables(variables: readonly V1Variable[], options: EnvironmentOptions): { readonly variables: readonly CompiledVariable[]; readonly types: ReadonlyMap<string, CelType> } {
  const types = new Map<string, CelType>();
  const compiled = variables.map(({ name, expression: source }) => {
    const expression = compileExpression(admissionEnvironment({ ...options, variables: new Map(types) }), source);
    types.set(name, expression.ok ? expression.value.type : dynType);
    return { name, source, expression };
  });
  return { variables: compiled, types };
}

export function compileValidatingPolicy({ spec = {} }: V1ValidatingAdmissionPolicy): CompiledPolicy {
  const hasParams = spec.paramKind !== undefined;
  const { variables, types } = compileVariables(spec.variables ?? [], { hasParams, hasAuthorizer: true });
  const environment = admissionEnvironment({ hasParams, hasAuthorizer: true, variables: types });
  const messages = admissionEnvironment({ hasParams, variables: types });
  const compiled = (source: string, allowed: readonly CelType[]): CompiledExpression => ({ source, expression: compileExpression(environment, source, allowed) });
  return {
    matchConditions: compileConditions((spec.matchConditions ?? []) as readonly V1MatchCondition[], hasParams),
    variables,
    validations: (spec.validations ?? []).map((validation) => ({
      validation,
      expression: compiled(validation.expression, [boolType]),
      ...(validation.messageExpression && { message: { source: validation.messageExpression, expression: compileExpression(messages, validation.messageExpression, [stringType]) } }),
    })),
    auditAnnotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({ key, value: compiled(valueExpression, [stringType, nullType]) })),
    isFailing: spec.failurePolicy !== 'Ignore',
  };
}

/** One thing that a policy has against a request. */
export interface Denial {
  /** Of the validation; -1 where the policy as a whole could not be asked. */
  readonly index: number;
  readonly message: string;
  readonly reason: string;
}

export interface PolicyVerdict {
  readonly denials: readonly Denial[];
  readonly auditAnnotations: ReadonlyMap<string, string>;
  /** Annotations that could not be made: a refusal, whatever the binding's actions. */
  readonly annotationErrors: readonly string[];
}

const nothing: PolicyVerdict = { denials: [], auditAnnotations: new Map(), annotationErrors: [] };
const longestMessage = 5 * 1024;

export function judge(policy: CompiledPolicy, input: AdmissionInput): PolicyVerdict {
  const failure = (message: string): PolicyVerdict => (policy.isFailing ? { ...nothing, denials: [{ index: 0, message, reason: '' }] } : nothing);
  const matches = matchesConditions(policy.matchConditions, input);
  if (!matches.ok) return failure(matches.error);
  if (!matches.value) return nothing;
  try {
    const evaluation = new AdmissionEvaluation(input, objectBudget, policy.variables);
    const outcomes = policy.validations.map(({ expression }) => evaluation.evaluate(expression));
    const said = new AdmissionEvaluation(input, evaluation.budget, policy.variables);
    const denials = outcomes.flatMap((outcome, index): Denial[] => {
      const { validation, message } = policy.validations[index] as CompiledPolicy['validations'][number];
      if (!outcome.ok) return policy.isFailing ? [{ index, message: outcome.error, reason: '' }] : [];
      if (outcome.value === true) return [];
      return [{ index, message: ownMessage(said, message) || validation.message?.trim() || `failed expression: ${validation.expression.trim()}`, reason: validation.reason ?? 'Invalid' }];
    });
    return { denials, ...annotationsOf(policy, input) };
  } catch (error) {
    if (error instanceof OutOfBudget) return failure(error.message);
    throw error;
  }
}

/** What `messageExpression` says, where it says something usable. */
function ownMessage(evaluation: AdmissionEvaluation, message: CompiledExpression | undefined): string {
  const outcome = message === undefined ? undefined : evaluation.evaluate(message);
  const text = outcome?.ok === true && typeof outcome.value === 'string' ? outcome.value.trim() : '';
  return byteLength(text) > longestMessage || text.includes('\n') ? '' : text;
}

function annotationsOf({ auditAnnotations, variables, isFailing }: CompiledPolicy, input: AdmissionInput): Pick<PolicyVerdict, 'auditAnnotations' | 'annotationErrors'> {
  const evaluation = new AdmissionEvaluation(input, objectBudget, variables);
  const found = new Map<string, string>();
  const annotationErrors: string[] = [];
  for (const { key, value } of auditAnnotations) {
    const outcome = evaluation.evaluate(value);
    if (!outcome.ok) annotationErrors.push(outcome.error);
    else if (typeof outcome.value === 'string' && outcome.value.trim() !== '') found.set(key, outcome.value.trim());
  }
  return { auditAnnotations: found, annotationErrors: isFailing ? annotationErrors : [] };
}
