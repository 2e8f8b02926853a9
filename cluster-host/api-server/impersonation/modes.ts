/**
 * The ways to act as somebody else: constrained ones, which also ask whether the request at hand may be made that way, and the
 * old one, which only asks about the user (KEP-5284).
 */
import { checkDnsSubdomain } from '../../api/names.ts';
import type { Attributes, Authorizer } from '../authorization/authorizer.ts';
import { check } from '../authorization/check.ts';
import { anonymous, type UserInfo } from '../server.ts';
import { authorizeExtra, authorizeGroups, type Asking } from './parts.ts';

export interface Mode {
  /** The user to act as; undefined where the mode is not for such a user. Throws 403 where the requester may not. */
  impersonate(authorizer: Authorizer, wanted: Required<UserInfo>, request: Attributes): Promise<UserInfo | undefined>;
}

const associatedNode = 'associated-node';

export const modes: readonly Mode[] = [
  constrained(associatedNode, (wanted, requester) => onlyName(wanted) && isOwnNode(requester, wanted.name)),
  constrained('arbitrary-node', (wanted) => onlyName(wanted) && nodeName(wanted.name) !== undefined),
  constrained('serviceaccount', (wanted) => onlyName(wanted) && accountOf(wanted.name) !== undefined),
  constrained('user-info', ({ name }) => nodeName(name) === undefined && accountOf(name) === undefined),
  { impersonate: (authorizer, wanted, { user }) => actAs({ authorizer, requester: user, verb: 'impersonate', constrained: false }, wanted) },
];

function constrained(mode: string, isFor: (wanted: Required<UserInfo>, requester: UserInfo) => boolean): Mode {
  return {
    async impersonate(authorizer, wanted, request) {
      if (!isFor(wanted, request.user)) return undefined;
      const requester = mode === associatedNode ? withoutExtra(request.user) : request.user;
      await check(authorizer, { ...request, user: requester, verb: `impersonate-on:${mode}:${request.verb}` });
      return actAs({ authorizer, requester, verb: `impersonate:${mode}`, constrained: true }, wanted);
    },
  };
}

async function actAs(asking: Asking, wanted: Required<UserInfo>): Promise<UserInfo> {
  const { name, uid, groups, extra } = wanted;
  const implied = await authorizeName(asking, wanted);
  if (uid !== '') await check(asking.authorizer, { ...about(asking, 'uids', uid), group: 'authentication.k8s.io' });
  await authorizeGroups(asking, groups);
  await authorizeExtra(asking, extra);
  return { name, groups: withEveryone(name, groups.length > 0 ? groups : implied), extra, ...(uid === '' ? {} : { uid }) };
}

/** The groups that the name itself brings. */
async function authorizeName(asking: Asking, { name }: Required<UserInfo>): Promise<readonly string[]> {
  const node = asking.constrained ? nodeName(name) : undefined;
  const account = accountOf(name);
  if (account !== undefined) {
    await check(asking.authorizer, { ...about(asking, 'serviceaccounts', account.name), namespace: account.namespace });
    return ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
  }
  if (node === undefined) {
    await check(asking.authorizer, about(asking, 'users', name));
    return [];
  }
  // A service account of a node may act as that node, whichever it is.
  await check(asking.authorizer, about(asking, 'nodes', asking.verb === `impersonate:${associatedNode}` ? '*' : node));
  return ['system:nodes'];
}

function about({ requester, verb, constrained: isConstrained }: Asking, resource: string, name: string): Attributes & { type: 'resource' } {
  return { type: 'resource', user: requester, verb, group: isConstrained ? 'authentication.k8s.io' : '', version: 'v1', resource, subresource: '', namespace: '', name };
}

function withEveryone(name: string, groups: readonly string[]): readonly string[] {
  const [unauthenticated = ''] = anonymous.groups;
  if (name === anonymous.name) return groups.includes(unauthenticated) ? groups : [...groups, unauthenticated];
  return groups.includes(unauthenticated) || groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated'];
}

function onlyName({ uid, groups, extra }: Required<UserInfo>): boolean {
  return uid === '' && groups.length === 0 && Object.keys(extra).length === 0;
}

function nodeName(user: string): string | undefined {
  const name = user.startsWith('system:node:') ? user.slice('system:node:'.length) : '';
  return name !== '' && checkDnsSubdomain(name).length === 0 ? name : undefined;
}

function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function isOwnNode({ name, extra }: UserInfo, wanted: string): boolean {
  const own = extra?.['authentication.kubernetes.io/node-name'] ?? [];
  return accountOf(name) !== undefined && own.length === 1 && nodeName(wanted) === own[0];
}

function withoutExtra(user: UserInfo): UserInfo {
  return { ...user, extra: { 'authentication.kubernetes.io/associated-node-keys': Object.keys(user.extra ?? {}).toSorted() } };
}
