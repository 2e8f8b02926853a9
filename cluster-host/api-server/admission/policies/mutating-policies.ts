/** MutatingAdmissionPolicy: expressions that change what is written (https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/). */
import { compileMutatingPolicy, mutate, type CompiledMutatingPolicy } from '../../../api/admission/mutating-policy.ts';
import { matchesConditions } from '../../../api/admission/match-conditions.ts';
import { schemaOf } from '../../../api/catalogue/kind-schema.ts';
import type { AdmissionInput } from '../../../api/admission/evaluation.ts';
import type { V1MutatingAdmissionPolicy, V1MutatingAdmissionPolicyBinding } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/object.ts';
import * as statuses from '../../../api/status.ts';
import { copy, equal } from '../../../api/values.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import { ApiFailure } from '../../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.ts';
import { decodedAgain, replaceContent } from '../changed-object.ts';
import { outsideView } from '../outside-view.ts';
import { AccessAnswers } from './access.ts';
import { BoundPolicies, type BoundPolicy, type PolicySources } from './bound-policies.ts';
import { inputOf, namespaceOf, type NamespaceFacts } from './policy-input.ts';

type Bound = BoundPolicy<V1MutatingAdmissionPolicy, V1MutatingAdmissionPolicyBinding>;

/** The object as it was left after each policy that may be asked again, by policy, binding and parameter. */
type Invoked = Map<string, KubeObject>;

export function mutatingPolicies(sources: PolicySources, authorizer: () => Authorizer): AdmissionPlugin {
  const bound = new BoundPolicies<V1MutatingAdmissionPolicy, V1MutatingAdmissionPolicyBinding>(sources, 'mutatingadmissionpolicies');
  const compiled = new WeakMap<object, CompiledMutatingPolicy>();
  const invokedBefore = new WeakMap<AdmissionRequest, Invoked>();

  function compiledOf(policy: V1MutatingAdmissionPolicy): CompiledMutatingPolicy {
    let found = compiled.get(policy);
    if (found === undefined) {
      found = compileMutatingPolicy(policy);
      compiled.set(policy, found);
    }
    return found;
  }

  /** The errors of one policy with one parameter; the object is changed in place. */
  async function invoke({ policy, shown }: Bound, param: KubeObject | undefined, request: AdmissionRequest, namespace: NamespaceFacts, answers: AccessAnswers): Promise<readonly string[]> {
    const registries = sources.registries();
    const plan = compiledOf(policy);
    const object = request.object as KubeObject;
    const inputNow = async (): Promise<AdmissionInput> => ({ ...(await inputOf(request, shown, object, namespace, registries)), params: param });
    let input = await inputNow();
    const matches = await answers.evaluate((ask) => matchesConditions(plan.matchConditions, { ...input, ask }));
    if (!matches.ok) return [matches.error];
    if (!matches.value) return [];
    const errors: string[] = [];
    for (const mutation of plan.mutations) {
      const before = await registries.converted(object, request.definition, shown);
      const outcome = await answers.evaluate((ask) => mutate(plan, mutation, before, { ...input, ask }, schemaOf(shown)));
      if (!outcome.ok) errors.push(outcome.error);
      else if (!equal(outcome.value, before)) {
        replaceContent(object, await registries.converted(decodedAgain(outcome.value, shown), shown, request.definition));
        // The next mutation sees what this one made.
        input = await inputNow();
      }
    }
    return errors;
  }

  return {
    name: 'MutatingAdmissionPolicy',
    async mutate(request) {
      const { object } = request;
      if (object === undefined || request.operation === 'CONNECT' || outsideView(request) !== undefined || !(await bound.exist())) return undefined;
      const namespace = await namespaceOf(request, sources.registries());
      const concerning = await bound.concerning(request, namespace.labels);
      if (concerning.length === 0) return undefined;
      const answers = new AccessAnswers(authorizer(), request.user);
      const before = invokedBefore.get(request);
      const invoked: Invoked = before ?? new Map();
      invokedBefore.set(request, invoked);
      const start = copy(object);
      const refusals: string[] = [];
      for (const one of concerning) {
        const isFailing = one.policy.spec?.failurePolicy !== 'Ignore';
        if (!one.params.ok) {
          if (isFailing) refusals.push(refusalText(one, `failed to configure binding: ${one.params.error}`));
          continue;
        }
        for (const param of one.params.value) {
          const key = keyOf(one, param);
          if (before !== undefined && !isInvokedAgain(one, key, invoked, object)) continue;
          const errors = await invoke(one, param, request, namespace, answers);
          if (isFailing) refusals.push(...errors.map((error) => refusalText(one, error)));
          invoked.set(key, copy(object));
        }
      }
      if (refusals.length > 0) throw refusalOf(request, refusals);
      return before === undefined && !equal(start, object) ? 'again' : undefined;
    },
  };
}

function keyOf({ policy, binding }: Bound, param: KubeObject | undefined): string {
  return [policy.metadata?.name, binding.metadata?.name, param?.metadata?.namespace, param?.metadata?.name].join('/');
}

/** Whoever wants to be is asked again, once, where somebody changed the object since; and whoever was not asked yet. */
function isInvokedAgain({ policy }: Bound, key: string, invoked: Invoked, object: KubeObject): boolean {
  const left = invoked.get(key);
  return left !== undefined && policy.spec?.reinvocationPolicy === 'IfNeeded' && !equal(left, object);
}

function refusalText({ policy, binding }: Bound, why: string): string {
  return `policy '${policy.metadata?.name}' with binding '${binding.metadata?.name}' denied request: ${why}`;
}

function refusalOf({ definition, name }: AdmissionRequest, texts: readonly string[]): ApiFailure {
  const status = statuses.forbidden(definition, name, '');
  return new ApiFailure({ ...status, message: texts[0] ?? '', reason: 'Invalid', details: { ...status.details, causes: texts.map((message) => ({ message })) } });
}
