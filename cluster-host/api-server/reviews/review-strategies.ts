/** How reviews are answered: a row a kind. */
import type { V1SelfSubjectReviewStatus, V1TokenReview, V1TokenReviewStatus, V1UserInfo } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { RbacAuthorizer } from '../authorization/rbac.ts';
import { badRequest, invalid } from '../failure.ts';
import { timestamp } from '../../api/time.ts';
import { checkPlace, decodeObject } from '../handlers/decode-object.ts';
import type { ResourceStrategy, SubresourceRequest } from '../resources/strategy.ts';
import type { UserInfo } from '../server.ts';
import type { TokenAuthenticator } from '../tokens.ts';
import { reviewSelf, reviewSubject } from './access-reviews.ts';
import { reviewRules } from './rules-review.ts';

export interface ReviewSources {
  readonly authorizer: () => Authorizer;
  readonly rbac: () => RbacAuthorizer;
  readonly tokens: () => TokenAuthenticator;
  /** Audiences of a token review that names none. */
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What the answer has besides what was asked. */
type Review = (object: KubeObject, request: SubresourceRequest) => Promise<Partial<KubeObject>>;

export function reviewStrategies(sources: ReviewSources): Readonly<Record<string, ResourceStrategy>> {
  const access: Review = async (object) => ({ status: await reviewSubject(sources.authorizer(), object) });
  const review = (answer: Review): ResourceStrategy => reviewing(sources, answer);
  return {
    'subjectaccessreviews.authorization.k8s.io': review(access),
    'localsubjectaccessreviews.authorization.k8s.io': review(access),
    'selfsubjectaccessreviews.authorization.k8s.io': review(async (object, { context }) => ({ status: await reviewSelf(sources.authorizer(), context.user, object) })),
    'selfsubjectrulesreviews.authorization.k8s.io': review(async (object, { context }) => ({ spec: {}, status: await reviewRules(sources.rbac(), context.user, object) })),
    'selfsubjectreviews.authentication.k8s.io': review((_object, { context }) => Promise.resolve({ metadata: { creationTimestamp: timestamp(sources.now()) }, status: selfStatus(context.user) })),
    'tokenreviews.authentication.k8s.io': review(async (object) => ({ status: await tokenStatus(sources, object as unknown as V1TokenReview) })),
  };
}

function reviewing(sources: ReviewSources, answer: Review): ResourceStrategy {
  return {
    async answerCreate(request) {
      const { context, registry, namespace } = request;
      const object = await decodeObject(context, registry.definition, 'Warn');
      checkPlace(object, { registry, definition: registry.definition, namespace, name: '', subresource: '' });
      const errors = registry.definition.validate(object, { now: sources.now() });
      if (errors.length > 0) throw invalid(registry.definition, object.metadata?.name ?? '', errors);
      return { type: 'object', status: 201, object: { ...object, ...(await answer(object, request)) } };
    },
  };
}

function selfStatus(user: UserInfo): V1SelfSubjectReviewStatus {
  return { userInfo: userInfoOf(user) };
}

async function tokenStatus({ tokens, audiences }: ReviewSources, { spec }: V1TokenReview): Promise<V1TokenReviewStatus> {
  if ((spec.token ?? '') === '') throw badRequest('token is required for TokenReview in authentication');
  const asked = (spec.audiences ?? []).length > 0 ? (spec.audiences ?? []) : audiences;
  const found = await tokens().authenticate(spec.token ?? '', asked);
  if (!('user' in found)) return { user: {}, error: found.refused };
  return { authenticated: true, user: userInfoOf(found.user), audiences: [...found.audiences] };
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): V1UserInfo {
  const plain = Object.fromEntries(Object.entries(extra ?? {}).map(([key, values]) => [key, [...values]]));
  return { username: name, ...(uid === undefined ? {} : { uid }), groups: [...groups], ...(Object.keys(plain).length === 0 ? {} : { extra: plain }) };
}
