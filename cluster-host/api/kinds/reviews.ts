/** Objects that are questions or orders: the answer is given at once, nothing is kept. */
import type { FieldError } from '../field-error.ts';
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type {
  V1Binding,
  V1ComponentStatus,
  V1FieldSelectorAttributes,
  V1FieldSelectorRequirement,
  V1LocalSubjectAccessReview,
  V1SelfSubjectAccessReview,
  V1SelfSubjectReview,
  V1SelfSubjectRulesReview,
  V1SubjectAccessReview,
  V1SubjectAccessReviewSpec,
  V1TokenReview,
} from '../generated/types.ts';
import type { KindDefinition } from '../kind.ts';
import { checkLabelValue } from '../names.ts';
import { invalidFor, qualifiedName, type Errors } from '../validation/errors.ts';
import { createdAtColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const asked = { verbs: ['create'], transient: true, columns: [createdAtColumn] } as const;
const authentication = { ...asked, group: 'authentication.k8s.io', namespaced: false } as const;
const authorization = { ...asked, group: 'authorization.k8s.io', namespaced: false } as const;

const tokenReview = defineKind<V1TokenReview>({ ...authentication, kind: 'TokenReview', plural: 'tokenreviews' });

const selfSubjectReview = defineKind<V1SelfSubjectReview>({ ...authentication, kind: 'SelfSubjectReview', plural: 'selfsubjectreviews' });

const subjectAccessReview = defineKind<V1SubjectAccessReview>({
  ...authorization,
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  *validate({ metadata, spec }) {
    yield* validateSubject(spec ?? {});
    yield* validateEmptyMeta(metadata, []);
  },
});

const selfSubjectAccessReview = defineKind<V1SelfSubjectAccessReview>({
  ...authorization,
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  *validate({ metadata, spec }) {
    yield* validateAttributes(spec ?? {});
    yield* validateEmptyMeta(metadata, []);
  },
});

const localSubjectAccessReview = defineKind<V1LocalSubjectAccessReview>({
  ...authorization,
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  namespaced: true,
  *validate({ metadata, spec }) {
    yield* validateSubject(spec ?? {});
    yield* validateEmptyMeta(metadata, ['namespace']);
    const { resourceAttributes, nonResourceAttributes } = spec ?? {};
    const namespace = resourceAttributes?.namespace ?? '';
    if (resourceAttributes && namespace !== (metadata?.namespace ?? '')) yield invalid('spec.resourceAttributes.namespace', namespace, 'must match metadata.namespace');
    if (nonResourceAttributes) yield invalid('spec.nonResourceAttributes', nonResourceAttributes, 'disallowed on this kind of request');
  },
});

const selfSubjectRulesReview = defineKind<V1SelfSubjectRulesReview>({ ...authorization, kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews' });

export const reviewKinds: readonly KindDefinition[] = [localSubjectAccessReview, selfSubjectAccessReview, selfSubjectReview, selfSubjectRulesReview, subjectAccessReview, tokenReview];

function* validateAttributes({ resourceAttributes, nonResourceAttributes }: V1SubjectAccessReviewSpec): Errors {
  if (resourceAttributes && nonResourceAttributes) {
    yield invalid('spec.nonResourceAttributes', nonResourceAttributes, 'cannot be specified in combination with resourceAttributes');
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    yield invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified');
  }
  yield* validateSelector(resourceAttributes?.fieldSelector, 'spec.resourceAttributes.fieldSelector', ({ key }, at) => (key ? [] : [required(`${at}.key`, 'must be specified')]));
  yield* validateSelector(resourceAttributes?.labelSelector, 'spec.resourceAttributes.labelSelector', ({ key, values = [] }, at) => validateLabelNames(key, values, at));
}

/** Operators that are not known here are let through: a newer client's may be. */
function* validateSelector(selector: V1FieldSelectorAttributes | undefined, at: string, more: (requirement: V1FieldSelectorRequirement, at: string) => Iterable<FieldError>): Errors {
  if (selector === undefined) return;
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '' && requirements.length > 0) yield invalid(`${at}.rawSelector`, rawSelector, 'may not specified at the same time as requirements');
  if (rawSelector === '' && requirements.length === 0) yield required(`${at}.requirements`, `when ${at} is specified, requirements or rawSelector is required`);
  for (const [index, requirement] of requirements.entries()) {
    const { operator, values = [] } = requirement;
    const here = `${at}.requirements[${index}]`;
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0) yield required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) yield forbidden(`${here}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    yield* more(requirement, here);
  }
}

function* validateLabelNames(key: string, values: readonly string[], at: string): Errors {
  yield* qualifiedName(`${at}.key`, key ?? '');
  for (const [index, value] of values.entries()) yield* invalidFor(`${at}.values[${index}]`, value, checkLabelValue(value));
}

function* validateSubject(spec: V1SubjectAccessReviewSpec): Errors {
  yield* validateAttributes(spec);
  if (!spec.user && (spec.groups ?? []).length === 0) yield invalid('spec.user', spec.user ?? '', 'at least one of user or group must be specified');
}

function* validateEmptyMeta(metadata: object | undefined, allowed: readonly string[]): Errors {
  const given = Object.entries(metadata ?? {}).filter(([name, value]) => value !== undefined && name !== 'managedFields' && !allowed.includes(name));
  if (given.length > 0) yield invalid('metadata', metadata, `must be empty${allowed.length > 0 ? ` except for ${allowed.join(', ')}` : ''}`);
}

/** The order to run a pod on a node. */
export const binding = defineKind<V1Binding>({
  ...asked,
  kind: 'Binding',
  plural: 'bindings',
  namespaced: true,
  *validate({ target }) {
    if (target?.kind && target.kind !== 'Node') yield notSupported('target.kind', target.kind, ['Node', '<empty>']);
    if (!target?.name) yield required('target.name');
  },
});

export const componentStatus = defineKind<V1ComponentStatus>({
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  warnings: () => ['v1 ComponentStatus is deprecated in v1.19+'],
  columns: [
    text('Status', 'Whether it is well.', ({ conditions }) => (conditions?.find(({ type }) => type === 'Healthy')?.status === 'True' ? 'Healthy' : 'Unhealthy')),
    text('Message', 'What it says.', ({ conditions }) => conditions?.find(({ type }) => type === 'Healthy')?.message ?? ''),
    text('Error', 'What went wrong.', ({ conditions }) => conditions?.find(({ type }) => type === 'Healthy')?.error ?? ''),
  ],
});
