/** Objects that are questions or orders: the answer is given at once, nothing is kept. */
import { invalid, notSupported, required } from '../field-errors.ts';
import type {
  V1Binding,
  V1ComponentStatus,
  V1LocalSubjectAccessReview,
  V1SelfSubjectAccessReview,
  V1SelfSubjectReview,
  V1SelfSubjectRulesReview,
  V1SubjectAccessReview,
  V1SubjectAccessReviewSpec,
  V1TokenReview,
} from '../generated/types.ts';
import type { KindDefinition } from '../kind.ts';
import type { Errors } from '../validation/errors.ts';
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
