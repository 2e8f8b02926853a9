/** CEL expressions that a request has to satisfy for a webhook to be asked (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions). Pure. */
import { Environment } from '@marcbachmann/cel-js';
import { registerFunctions } from '../../../api/custom/cel-functions.ts';
import { summaryOf, withRe2 } from '../../../api/custom/cel.ts';
import type { V1MatchCondition } from '../../../api/generated/types.ts';
import { failed, ok, type Result } from '../../../api/result.ts';
import { aggregate } from '../../../api/text.ts';

/** What expressions see. */
export interface MatchVariables {
  /** Null where there is none. */
  readonly object: unknown;
  readonly oldObject: unknown;
  /** The request of the review, without its objects. */
  readonly request: unknown;
}

const limits = { maxAstNodes: 10_000, maxDepth: 100 };
const environment = registerFunctions(new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits }))
  .registerVariable('object', 'dyn')
  .registerVariable('oldObject', 'dyn')
  .registerVariable('request', 'dyn');

/** Whether all conditions hold. One that does not decides, even where others cannot be evaluated. */
export function matchesConditions(conditions: readonly V1MatchCondition[], variables: MatchVariables): Result<boolean> {
  const errors: string[] = [];
  for (const { name, expression } of conditions) {
    const outcome = evaluate(expression, variables);
    if (!outcome.ok) errors.push(`expression '${expression}' of match condition '${name}' resulted in error: ${outcome.error}`);
    else if (!outcome.value) return ok(false);
  }
  return errors.length > 0 ? failed(aggregate(errors)) : ok(true);
}

function evaluate(expression: string, variables: MatchVariables): Result<boolean> {
  try {
    const value: unknown = environment.evaluate(withRe2(expression), { ...variables });
    return typeof value === 'boolean' ? ok(value) : failed('must evaluate to bool');
  } catch (error) {
    return failed(summaryOf(error));
  }
}
