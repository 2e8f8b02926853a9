/** Kinds that are asked and answered, but never stored: reviews of tokens and of rights. */
import { defineKind } from '../../api/kinds/define-kind.ts';
import type { KindDefinition } from '../../api/kind.ts';

const create = ['create'] as const;
const authentication = 'authentication.k8s.io';
const authorization = 'authorization.k8s.io';

export const reviewKinds: readonly KindDefinition[] = [
  defineKind({ group: authentication, kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', namespaced: false, verbs: create }),
  defineKind({ group: authentication, kind: 'TokenReview', plural: 'tokenreviews', namespaced: false, verbs: create }),
  defineKind({ group: authorization, kind: 'LocalSubjectAccessReview', plural: 'localsubjectaccessreviews', namespaced: true, verbs: create }),
  defineKind({ group: authorization, kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews', namespaced: false, verbs: create }),
  defineKind({ group: authorization, kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews', namespaced: false, verbs: create }),
  defineKind({ group: authorization, kind: 'SubjectAccessReview', plural: 'subjectaccessreviews', namespaced: false, verbs: create }),
];
