/** Conditions that a request has to satisfy to be meant (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions). */
import { boolType } from '../cel/types.ts';
import type { V1MatchCondition } from '../generated/types.ts';
import { failed, ok, type Result } from '../result.ts';
import { aggregate } from '../text.ts';
import { admissionEnvironment, compileExpression } from './environment.ts';
import { AdmissionEvaluation, OutOfBudget, type AdmissionInput, type CompiledExpression } from './evaluation.ts';

/** Of all conditions of one webhook or binding together. */
const budget = 2_500_000;

export function compileConditions(conditions: readonly V1MatchCondition[], hasParams: boolean): readonly CompiledExpression[] {
  const environment = admissionEnvironment({ hasParams, hasAuthorizer: true });
  return conditions.map(({ expression }) => ({ source: expression, expression: compileExpression(environment, expression, [boolType]) }));
}

/** Whether all conditions hold. One that does not decides, even where others cannot be evaluated. */
export function matchesConditions(conditions: readonly CompiledExpression[], input: AdmissionInput): Result<boolean> {
  const evaluation = new AdmissionEvaluation(input, budget);
  const errors: string[] = [];
  try {
    for (const condition of conditions) {
      const outcome = evaluation.evaluate(condition);
      if (!outcome.ok) errors.push(outcome.error);
      else if (outcome.value !== true) return ok(false);
    }
  } catch (error) {
    if (error instanceof OutOfBudget) return failed(error.message);
    throw error;
  }
  return errors.length > 0 ? failed(aggregate(errors)) : ok(true);
}
