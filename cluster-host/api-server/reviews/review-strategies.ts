/** How reviews are answered. */
import type { V1NonResourceAttributes, V1PolicyRule, V1ResourceAttributes, V1SubjectAccessReview, V1SubjectAccessReviewSpec, V1TokenReview, V1UserInfo } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Attributes, Authorizer } from '../authorization/authorizer.ts';
import type { RbacAuthorizer } from '../authorization/rbac.ts';
import { badRequest, invalid } from '../failure.ts';
import { checkPlace, decodeObject } from '../handlers/decode-object.ts';
import type { ResourceStrategy, SubresourceRequest } from '../resources/strategy.ts';
import type { UserInfo } from '../server.ts';
import type { TokenAuthenticator } from '../tokens.ts';

export interface ReviewSources {
  readonly authorizer: () => Authorizer;
  readonly rbac: () => RbacAuthorizer;
  readonly tokens: () => TokenAuthenticator;
  /** Audiences of a token review that names none. */
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Review = (object: KubeObject, request: SubresourceRequest) => Promise<object>;

export function reviewStrategies(sources: ReviewSources): Readonly<Record<string, ResourceStrategy>> {
  const access: Review = async (object) => {
    const { spec } = object as V1SubjectAccessReview & KubeObject;
    const user: UserInfo = { name: spec.user ?? '', groups: spec.groups ?? [], ...(spec.uid === undefined ? {} : { uid: spec.uid }), ...(spec.extra === undefined ? {} : { extra: spec.extra }) };
    return decide(sources.authorizer(), user, spec);
  };
  const review = (answer: Review): ResourceStrategy => reviewing(sources, answer);
  return {
    'subjectaccessreviews.authorization.k8s.io': review(access),
    'localsubjectaccessreviews.authorization.k8s.io': review(access),
    'selfsubjectaccessreviews.authorization.k8s.io': review(async (object, { context }) => {
      const { spec } = object as V1SubjectAccessReview & KubeObject;
      return decide(sources.authorizer(), context.user, spec);
    }),
    'selfsubjectrulesreviews.authorization.k8s.io': review((object, { context }) => rulesOf(sources.rbac(), context.user, object)),
    'selfsubjectreviews.authentication.k8s.io': review((_object, { context }) => Promise.resolve({ userInfo: userInfoOf(context.user) })),
    'tokenreviews.authentication.k8s.io': review((object) => tokenStatus(sources, object as unknown as V1TokenReview)),
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
      const status = await answer(object, request);
      return { type: 'object', status: 201, object: { ...object, status } };
    },
  };
}

async function decide(authorizer: Authorizer, user: UserInfo, { resourceAttributes, nonResourceAttributes }: V1SubjectAccessReviewSpec): Promise<object> {
  const attributes = resourceAttributes === undefined ? pathAttributes(user, nonResourceAttributes ?? {}) : resourceAttributesOf(user, resourceAttributes);
  const { decision, reason } = await authorizer.authorize(attributes);
  return { allowed: decision === 'allow', ...(decision === 'deny' ? { denied: true } : {}), ...(reason === '' ? {} : { reason }) };
}

function pathAttributes(user: UserInfo, { path = '', verb = '' }: V1NonResourceAttributes): Attributes {
  return { type: 'path', user, verb, path };
}

function resourceAttributesOf(user: UserInfo, { verb = '', group = '', version = '', resource = '', subresource = '', namespace = '', name = '' }: V1ResourceAttributes): Attributes {
  return { type: 'resource', user, verb, group, version, resource, subresource, namespace, name };
}

async function rulesOf(rbac: RbacAuthorizer, user: UserInfo, review: KubeObject): Promise<object> {
  const namespace: unknown = review['spec']?.namespace;
  if (typeof namespace !== 'string' || namespace === '') throw badRequest('no namespace on request');
  const rules = await rbac.rulesOf(user);
  const all: readonly V1PolicyRule[] = [...rules.cluster, ...rules.inNamespace(namespace)];
  return {
    incomplete: false,
    nonResourceRules: all.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    resourceRules: all.filter(({ resources }) => resources !== undefined).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) })),
  };
}

async function tokenStatus({ tokens, audiences }: ReviewSources, { spec }: V1TokenReview): Promise<object> {
  if ((spec.token ?? '') === '') throw badRequest('token is required for TokenReview in authentication');
  const asked = (spec.audiences ?? []).length > 0 ? (spec.audiences ?? []) : audiences;
  const found = await tokens().authenticate(spec.token ?? '', asked);
  if (found === undefined) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: userInfoOf(found.user), audiences: found.audiences };
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): V1UserInfo {
  const plain = Object.fromEntries(Object.entries(extra ?? {}).map(([key, values]) => [key, [...values]]));
  return { username: name, ...(uid === undefined ? {} : { uid }), groups: [...groups], ...(extra === undefined ? {} : { extra: plain }) };
}
