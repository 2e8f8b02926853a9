/** Who a client is: by certificate, by bearer token, or nobody known (https://kubernetes.io/docs/reference/access-authn-authz/authentication/). */
import { anonymous, type Authenticator } from '../request-chain.ts';
import type { TokenAuthenticator } from '../tokens.ts';
import { withAuthenticated } from './token-authenticator.ts';

/** `audiences`: those of the API server itself. */
export function createAuthenticator(tokens: TokenAuthenticator, audiences: readonly string[]): Authenticator {
  return {
    authenticate(credentials) {
      if (credentials.type === 'known') return credentials.user;
      const { certificate, authorization } = credentials;
      if (certificate !== undefined) return withAuthenticated({ name: certificate.commonName, groups: certificate.organizations });
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
      return token === undefined ? anonymous : tokens.authenticate(token, audiences).then((found) => found?.user);
    },
  };
}
