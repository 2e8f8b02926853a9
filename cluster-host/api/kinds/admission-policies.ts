/** Policies that are asked, or that change objects, without a webhook. */
import { fill } from '../defaults/fill.ts';
import type {
  V1MatchResources,
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1ParamKind,
  V1ParamRef,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '../generated/types.ts';
import { validateActions, validateMutableOperations, validateMutations, validatePolicy, validatePolicyBinding, validateValidations } from '../validation/admission-policy.ts';
import { ageColumn, count, none, text, unset } from './columns.ts';
import { authoredMetadata, defineKind } from './define-kind.ts';
import { admissionGroup, setRuleDefaults } from './webhook-configurations.ts';

const common = { group: admissionGroup, categories: ['api-extensions'], namespaced: false, anyFinalizer: true } as const;

export const validatingAdmissionPolicy = defineKind<V1ValidatingAdmissionPolicy>({
  ...common,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fill(spec, { failurePolicy: 'Fail' });
    setMatchDefaults(spec.matchConstraints);
  },
  generationOf: ['spec'],
  *validate({ metadata, spec = {} }) {
    yield* validatePolicy(spec);
    yield* validateValidations(spec, metadata?.name ?? '');
  },
  status: { keptMetadata: authoredMetadata },
  columns: [
    count('Validations', 'How many validations it has.', ({ spec }) => spec?.validations?.length),
    text('ParamKind', 'The kind of its parameters.', ({ spec }) => paramKindText(spec?.paramKind)),
    ageColumn,
  ],
});

export const validatingAdmissionPolicyBinding = defineKind<V1ValidatingAdmissionPolicyBinding>({
  ...common,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  setDefaults: ({ spec }) => setBindingDefaults(spec),
  generationOf: ['spec'],
  *validate({ spec }) {
    yield* validatePolicyBinding(spec ?? {});
    yield* validateActions(spec?.validationActions ?? []);
  },
  columns: [
    text('PolicyName', 'The policy it puts to work.', ({ spec }) => spec?.policyName ?? ''),
    text('ParamRef', 'The parameters.', ({ spec }) => paramRefText(spec?.paramRef)),
    ageColumn,
  ],
});

export const mutatingAdmissionPolicy = defineKind<V1MutatingAdmissionPolicy>({
  ...common,
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fill(spec, { failurePolicy: 'Fail' });
    setMatchDefaults(spec.matchConstraints);
  },
  generationOf: ['spec'],
  *validate({ spec = {} }) {
    yield* validatePolicy(spec);
    yield* validateMutableOperations(spec.matchConstraints, 'spec.matchConstraints');
    yield* validateMutations(spec);
  },
  columns: [
    count('Mutations', 'How many changes it makes.', ({ spec }) => spec?.mutations?.length),
    text('ParamKind', 'The kind of its parameters.', ({ spec }) => paramKindText(spec?.paramKind)),
    ageColumn,
  ],
});

export const mutatingAdmissionPolicyBinding = defineKind<V1MutatingAdmissionPolicyBinding>({
  ...common,
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  setDefaults: ({ spec }) => setBindingDefaults(spec),
  generationOf: ['spec'],
  *validate({ spec }) {
    yield* validatePolicyBinding(spec ?? {});
    yield* validateMutableOperations(spec?.matchResources, 'spec.matchResources');
  },
  columns: [
    text('PolicyName', 'The policy it puts to work.', ({ spec }) => spec?.policyName ?? ''),
    text('ParamRef', 'The parameters.', ({ spec }) => paramRefText(spec?.paramRef)),
    ageColumn,
  ],
});

function setMatchDefaults(match: V1MatchResources | undefined): void {
  if (match === undefined) return;
  fill(match, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) setRuleDefaults(rule);
}

function setBindingDefaults(spec: { matchResources?: V1MatchResources } | undefined): void {
  setMatchDefaults(spec?.matchResources);
}

function paramKindText(kind: V1ParamKind | undefined): string {
  return kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : unset;
}

function paramRefText(reference: V1ParamRef | undefined): string {
  if (!reference) return unset;
  if (!reference.name) return none;
  return reference.namespace ? `${reference.namespace}/${reference.name}` : `*/${reference.name}`;
}
