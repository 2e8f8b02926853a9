/** May this user do that? (https://kubernetes.io/docs/reference/access-authn-authz/authorization/) */
import type { FieldSelector } from '../../api/selectors/field-selector.ts';
import type { Requirement } from '../../api/selectors/label-selector.ts';
import type { UserInfo } from '../server.ts';

/** What is asked about: a verb on a resource, or on a path that is none. */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  readonly type: 'resource';
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What a list, watch or deletecollection confines itself to (KEP-4601); left out where it does not, or cannot be read. */
  readonly fieldSelector?: FieldSelector;
  readonly labelSelector?: readonly Requirement[];
}

export interface PathAttributes {
  readonly type: 'path';
  readonly user: UserInfo;
  readonly verb: string;
  readonly path: string;
}

export type Decision = { readonly decision: 'allow' | 'deny' | 'noOpinion'; readonly reason: string };

export interface Authorizer {
  authorize(attributes: Attributes): Decision | Promise<Decision>;
}

export const noOpinion: Decision = { decision: 'noOpinion', reason: '' };

/** Members of `system:masters` may do everything. */
export const mastersAuthorizer: Authorizer = {
  authorize: ({ user }) => (user.groups.includes('system:masters') ? { decision: 'allow', reason: '' } : noOpinion),
};

/** Asks one after the other until one has an opinion; where none has, all of their reasons are told. */
export function firstOpinion(authorizers: readonly Authorizer[]): Authorizer {
  return {
    async authorize(attributes) {
      const reasons: string[] = [];
      for (const authorizer of authorizers) {
        const answer = authorizer.authorize(attributes);
        const decision = answer instanceof Promise ? await answer : answer;
        if (decision.decision !== 'noOpinion') return decision;
        if (decision.reason !== '') reasons.push(decision.reason);
      }
      return reasons.length === 0 ? noOpinion : { decision: 'noOpinion', reason: reasons.join('\n') };
    },
  };
}

/** Why not, as a user reads it after `… is forbidden: `. */
export function refusal(attributes: Attributes, reason: string): string {
  return `${question(attributes).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}${reason === '' ? '' : `: ${reason}`}`;
}

function question(attributes: Attributes): string {
  const { user, verb } = attributes;
  const who = JSON.stringify(user.name);
  if (attributes.type === 'path') return `User ${who} cannot ${verb} path ${JSON.stringify(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `User ${who} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
}
