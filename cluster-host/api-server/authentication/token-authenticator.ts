/** From a bearer token to a user: fixed tokens, and those of service accounts that still exist with what they are bound to. */
import { createHash } from 'node:crypto';
import type { Registries } from '../registry/registries.ts';
import type { UserInfo } from '../server.ts';
import type { BoundObject, ServiceAccountTokens, TokenAuthenticator, TokenClaims } from '../tokens.ts';

export function createTokenAuthenticator(fixed: ReadonlyMap<string, UserInfo>, tokens: ServiceAccountTokens, registries: Registries): TokenAuthenticator {
  // Looked up by digest: how long a comparison takes tells nothing of the token.
  const byDigest = new Map([...fixed].map(([token, user]) => [digest(token), withAuthenticated(user)]));
  return {
    async authenticate(token, audiences) {
      const known = byDigest.get(digest(token));
      if (known !== undefined) return { user: known, audiences };
      const claims = await tokens.verify(token, audiences);
      if (claims === undefined || !(await stillThere(registries, claims))) return undefined;
      return { user: userOf(claims), audiences: claims.audiences.filter((audience) => audiences.includes(audience)) };
    },
  };
}

export function withAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes('system:authenticated') ? user : { ...user, groups: [...user.groups, 'system:authenticated'] };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function stillThere(registries: Registries, { namespace, serviceAccount, pod, secret, node }: TokenClaims): Promise<boolean> {
  const exists = async (plural: string, where: string, bound: BoundObject | undefined): Promise<boolean> => {
    if (bound === undefined) return true;
    const found = await registries.find('', 'v1', plural)?.find(where, bound.name);
    return found?.object.metadata?.uid === bound.uid;
  };
  return (
    (await exists('serviceaccounts', namespace, serviceAccount)) &&
    (await exists('pods', namespace, pod)) &&
    (await exists('secrets', namespace, secret)) &&
    // A token of a pod names the pod's node for information only.
    (pod !== undefined || (await exists('nodes', '', node)))
  );
}

function userOf({ namespace, serviceAccount, pod, node, id }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] };
  for (const [name, bound] of [['pod', pod], ['node', node]] as const) {
    if (bound === undefined) continue;
    extra[`authentication.kubernetes.io/${name}-name`] = [bound.name];
    extra[`authentication.kubernetes.io/${name}-uid`] = [bound.uid];
  }
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { name: `system:serviceaccount:${namespace}:${serviceAccount.name}`, uid: serviceAccount.uid, groups, extra };
}
