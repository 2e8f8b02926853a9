/** What may I do here? The answer is complete only for who has his rights by RBAC alone. */
import type { V1SubjectRulesReviewStatus } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { aggregate } from '../../api/text.ts';
import { nodeOf } from '../authorization/node/identity.ts';
import type { RbacAuthorizer } from '../authorization/rbac.ts';
import { badRequest } from '../failure.ts';
import type { UserInfo } from '../server.ts';

export async function reviewRules(rbac: RbacAuthorizer, user: UserInfo, review: KubeObject): Promise<V1SubjectRulesReviewStatus> {
  const namespace: unknown = review['spec']?.namespace;
  if (typeof namespace !== 'string' || namespace === '') throw badRequest('no namespace on request');
  const { rules, problems } = await rbac.grantsOf(user, namespace);
  const isNode = nodeOf(user) !== undefined;
  const errors = [...(isNode ? ['node authorizer does not support user rule resolution'] : []), ...(problems.length === 0 ? [] : [aggregate(problems)])];
  const filled = (values: readonly string[] | undefined): boolean => (values ?? []).length > 0;
  return {
    resourceRules: rules.flatMap(({ rule: { verbs, apiGroups, resources, resourceNames } }) =>
      filled(resources) ? [{ verbs, ...(apiGroups === undefined ? {} : { apiGroups }), ...(resources === undefined ? {} : { resources }), ...(filled(resourceNames) ? { resourceNames } : {}) }] : [],
    ) as V1SubjectRulesReviewStatus['resourceRules'],
    nonResourceRules: rules.flatMap(({ rule: { verbs, nonResourceURLs } }) => (nonResourceURLs !== undefined && filled(nonResourceURLs) ? [{ verbs, nonResourceURLs }] : [])),
    incomplete: isNode,
    ...(errors.length === 0 ? {} : { evaluationError: aggregate(errors) }),
  };
}
