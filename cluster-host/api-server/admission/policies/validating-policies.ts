/** ValidatingAdmissionPolicy: expressions that may refuse what is written, or warn of it (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/). */
import { compileValidatingPolicy, judge, type CompiledPolicy, type Denial, type PolicyVerdict } from '../../../api/admission/validating-policy.ts';
import type { V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding } from '../../../api/generated/types.ts';
import * as statuses from '../../../api/status.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import { ApiFailure } from '../../failure.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.ts';
import { AccessAnswers } from './access.ts';
import { BoundPolicies, type BoundPolicy, type PolicySources } from './bound-policies.ts';
import { inputOf, namespaceOf, type NamespaceFacts } from './policy-input.ts';

type Bound = BoundPolicy<V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding>;

export function validatingPolicies(sources: PolicySources, authorizer: () => Authorizer): AdmissionPlugin {
  const bound = new BoundPolicies<V1ValidatingAdmissionPolicy, V1ValidatingAdmissionPolicyBinding>(sources, 'validatingadmissionpolicies');
  /** By the policy as it was read: a change of it is another object. */
  const compiled = new WeakMap<object, CompiledPolicy>();

  function compiledOf(policy: V1ValidatingAdmissionPolicy): CompiledPolicy {
    let found = compiled.get(policy);
    if (found === undefined) {
      found = compileValidatingPolicy(policy);
      compiled.set(policy, found);
    }
    return found;
  }

  async function verdictsOf({ policy, shown, params }: Bound, request: AdmissionRequest, namespace: NamespaceFacts, answers: AccessAnswers): Promise<readonly PolicyVerdict[]> {
    if (!params.ok) return [];
    const input = await inputOf(request, shown, request.object, namespace, sources.registries());
    return Promise.all(params.value.map((param) => answers.evaluate((ask) => judge(compiledOf(policy), { ...input, params: param, ask }))));
  }

  return {
    name: 'ValidatingAdmissionPolicy',
    async validate(request) {
      if (!(await bound.exist())) return;
      const registries = sources.registries();
      const namespace = await namespaceOf(request, registries);
      const concerning = await bound.concerning(request, namespace.labels);
      if (concerning.length === 0) return;
      const answers = new AccessAnswers(authorizer(), request.user);
      const refusals: { readonly text: string; readonly reason: string }[] = [];
      const annotations = new Map<string, Set<string>>();
      for (const one of concerning) {
        const refuse = ({ message, reason }: Pick<Denial, 'message' | 'reason'>): void => void refusals.push({ text: `${nameOf(one)} denied request: ${message}`, reason });
        if (!one.params.ok && one.policy.spec?.failurePolicy !== 'Ignore') refuse({ message: `failed to configure binding: ${one.params.error}`, reason: '' });
        for (const { denials, auditAnnotations, annotationErrors } of await verdictsOf(one, request, namespace, answers)) {
          for (const denial of denials) act(one, denial, refuse, request);
          for (const [key, value] of auditAnnotations) remember(annotations, `${one.policy.metadata?.name}/${key}`, value);
          for (const message of annotationErrors) refuse({ message, reason: '' });
        }
      }
      for (const [key, values] of annotations) request.annotate(key, [...values].join(', '));
      const [first] = refusals;
      if (first !== undefined) throw refusalOf(request, first.text, first.reason || 'Invalid');
    },
  };
}

function nameOf({ policy, binding }: Bound): string {
  return `ValidatingAdmissionPolicy '${policy.metadata?.name}' with binding '${binding.metadata?.name}'`;
}

/** A binding says what comes of a denial. */
function act(one: Bound, denial: Denial, refuse: (denial: Denial) => void, request: AdmissionRequest): void {
  const actions = one.binding.spec?.validationActions ?? [];
  if (actions.includes('Deny')) refuse(denial);
  if (actions.includes('Audit')) request.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify([failureOf(one, denial)]));
  if (actions.includes('Warn')) request.warn(`Validation failed for ${nameOf(one)}: ${denial.message}`);
}

function failureOf({ policy, binding }: Bound, { index, message }: Denial): object {
  return { message, policy: policy.metadata?.name, binding: binding.metadata?.name, expressionIndex: index, validationActions: binding.spec?.validationActions ?? [] };
}

function remember(annotations: Map<string, Set<string>>, key: string, value: string): void {
  annotations.set(key, (annotations.get(key) ?? new Set()).add(value.slice(0, longestAnnotation)));
}

const longestAnnotation = 10 * 1024;

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

function refusalOf({ definition, name }: AdmissionRequest, text: string, reason: string): ApiFailure {
  const status = statuses.forbidden(definition, name, text);
  return new ApiFailure({ ...status, reason, code: codes[reason] ?? 422, details: { ...status.details, causes: [{ message: text }] } });
}
