/** Who a client is: by certificate, by bearer token, or nobody known (https://kubernetes.io/docs/reference/access-authn-authz/authentication/). */
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Credentials } from '../request.ts';
import { anonymous, type Authenticator } from '../request-chain.ts';
import type { UserInfo } from '../server.ts';

export interface AuthenticationSources {
  readonly tokens: ReadonlyMap<string, UserInfo>;
}

const authenticated = 'system:authenticated';

export function createAuthenticator(sources: AuthenticationSources): Authenticator {
  const byToken = new Map([...sources.tokens].map(([token, user]) => [digest(token).toString('hex'), { token: digest(token), user: withAuthenticated(user) }]));
  const ofToken = (token: string): UserInfo | undefined => {
    const hash = digest(token);
    const known = byToken.get(hash.toString('hex'));
    return known !== undefined && timingSafeEqual(known.token, hash) ? known.user : undefined;
  };
  return {
    authenticate(credentials: Credentials) {
      if (credentials.type === 'known') return credentials.user;
      const { certificate, authorization } = credentials;
      if (certificate !== undefined) return withAuthenticated({ name: certificate.commonName, groups: certificate.organizations });
      if (authorization === undefined) return anonymous;
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      return token === undefined ? anonymous : ofToken(token);
    },
  };
}

function withAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] };
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
