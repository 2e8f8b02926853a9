/** May this user do that? (https://kubernetes.io/docs/reference/access-authn-authz/authorization/) */
import type { UserInfo } from '../server.ts';

/** What is asked about: a verb on a resource, or on a path that is none. */
export type Attributes =
  | {
      readonly type: 'resource';
      readonly user: UserInfo;
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly type: 'path'; readonly user: UserInfo; readonly verb: string; readonly path: string };

export type Decision = { readonly decision: 'allow' | 'deny' | 'noOpinion'; readonly reason: string };

export interface Authorizer {
  authorize(attributes: Attributes): Decision | Promise<Decision>;
}

export const noOpinion: Decision = { decision: 'noOpinion', reason: '' };

/** Members of `system:masters` may do everything. */
export const mastersAuthorizer: Authorizer = {
  authorize: ({ user }) => (user.groups.includes('system:masters') ? { decision: 'allow', reason: '' } : noOpinion),
};

/** Asks one after the other until one has an opinion. */
export function firstOpinion(authorizers: readonly Authorizer[]): Authorizer {
  return {
    async authorize(attributes) {
      for (const authorizer of authorizers) {
        const decision = await authorizer.authorize(attributes);
        if (decision.decision !== 'noOpinion') return decision;
      }
      return noOpinion;
    },
  };
}

/** Why not, as a user reads it after `… is forbidden: `. */
export function refusal(attributes: Attributes, reason: string): string {
  const { user, verb } = attributes;
  const suffix = reason === '' ? '' : `: ${reason}`;
  if (attributes.type === 'path') return `User "${user.name}" cannot ${verb} path "${attributes.path}"${suffix}`;
  const { resource, subresource, group, namespace } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}${suffix}`;
}
