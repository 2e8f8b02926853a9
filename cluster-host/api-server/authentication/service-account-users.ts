/** Tokens of service accounts that still exist, with what they are bound to. */
import type { KubeObject } from '../../api/object.ts';
import type { Registries } from '../registry/registries.ts';
import type { UserInfo } from '../server.ts';
import type { BoundObject, ServiceAccountTokens, TokenClaims } from '../tokens.ts';
import type { TokenSource } from './token-authenticator.ts';

const invalidated = 'service account token has been invalidated';

export function boundTokens(tokens: ServiceAccountTokens, registries: Registries): TokenSource {
  return async (token, audiences) => {
    const verified = await tokens.verify(token, audiences);
    if (verified === undefined || 'refused' in verified) return verified;
    const { claims } = verified;
    const refused = await whyOver(registries, claims);
    return refused === undefined ? { user: userOf(claims), audiences: claims.audiences.filter((audience) => audiences.includes(audience)) } : { refused };
  };
}

async function whyOver(registries: Registries, { namespace, serviceAccount, pod, secret, node }: TokenClaims): Promise<string | undefined> {
  const find = async (plural: string, where: string, name: string): Promise<KubeObject | undefined> => (await registries.find('', 'v1', plural)?.find(where, name))?.object;
  const account = await find('serviceaccounts', namespace, serviceAccount.name);
  if (account === undefined) return `serviceaccounts "${serviceAccount.name}" not found`;
  if (account.metadata?.uid !== serviceAccount.uid) return `service account UID (${account.metadata?.uid}) does not match claim (${serviceAccount.uid})`;
  // A token of a pod names the pod's node for information only.
  const bound: readonly (readonly [string, string, string, BoundObject | undefined])[] = [
    ['secret', 'secrets', namespace, secret],
    ['pod', 'pods', namespace, pod],
    ['node', 'nodes', '', pod === undefined ? node : undefined],
  ];
  for (const [what, plural, where, reference] of bound) {
    if (reference === undefined) continue;
    const uid = (await find(plural, where, reference.name))?.metadata?.uid;
    if (uid === undefined) return invalidated;
    if (uid !== reference.uid) return `${what} UID (${uid}) does not match service account ${what} ref claim (${reference.uid})`;
  }
  return undefined;
}

export function serviceAccountUser(namespace: string, account: BoundObject, extra: NonNullable<UserInfo['extra']> = {}): UserInfo {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { name: `system:serviceaccount:${namespace}:${account.name}`, uid: account.uid, groups, extra };
}

function userOf({ namespace, serviceAccount, pod, node, id }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] };
  for (const [name, bound] of [['pod', pod], ['node', node]] as const) {
    if (bound === undefined) continue;
    extra[`authentication.kubernetes.io/${name}-name`] = [bound.name];
    // A node that was not there when the token was made has no uid.
    if (bound.uid !== '') extra[`authentication.kubernetes.io/${name}-uid`] = [bound.uid];
  }
  return serviceAccountUser(namespace, serviceAccount, extra);
}
