/** From a bearer token to a user: fixed tokens, and whatever else a cluster gives out. */
import { createHash } from 'node:crypto';
import { aggregate } from '../../api/text.ts';
import type { UserInfo } from '../server.ts';
import type { AuthenticatedToken, RefusedToken, TokenAuthenticator } from '../tokens.ts';

/** One kind of token: the user, why a token of this kind is refused, or undefined for one of another kind. */
export type TokenSource = (token: string, audiences: readonly string[]) => Promise<AuthenticatedToken | RefusedToken | undefined>;

const unknown = 'invalid bearer token';

export function createTokenAuthenticator(fixed: ReadonlyMap<string, UserInfo>, sources: readonly TokenSource[]): TokenAuthenticator {
  // Looked up by digest: how long a comparison takes tells nothing of the token.
  const byDigest = new Map([...fixed].map(([token, user]) => [digest(token), withAuthenticated(user)]));
  return {
    async authenticate(token, audiences) {
      const known = byDigest.get(digest(token));
      if (known !== undefined) return { user: known, audiences };
      // Kubernetes has two authenticators of tokens: the server's own, which knows no more than this, and the one for clients.
      const reasons = [unknown];
      for (const source of sources) {
        const found = await source(token, audiences);
        if (found === undefined) continue;
        if ('user' in found) return { ...found, user: withAuthenticated(found.user) };
        reasons.push(found.refused);
      }
      return { refused: aggregate(reasons) };
    },
  };
}

export function withAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes('system:authenticated') ? user : { ...user, groups: [...user.groups, 'system:authenticated'] };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
