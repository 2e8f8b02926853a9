/** Who a client is: by certificate, by bearer token, or nobody known (https://kubernetes.io/docs/reference/access-authn-authz/authentication/). */
import type { Authenticator } from '../request-chain.ts';
import { anonymous } from '../server.ts';
import type { TokenAuthenticator } from '../tokens.ts';
import { withAuthenticated } from './token-authenticator.ts';

/** `audiences`: those of the API server itself. */
export function createAuthenticator(tokens: TokenAuthenticator, audiences: readonly string[]): Authenticator {
  return {
    async authenticate(credentials) {
      if (credentials.type === 'known') return credentials.user;
      const { certificate, authorization } = credentials;
      if (certificate !== undefined && certificate !== 'invalid') {
        const { commonName, organizations, fingerprint } = certificate;
        return withAuthenticated({ name: commonName, groups: organizations, extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } });
      }
      const [, token] = /^bearer +(\S+)/i.exec(authorization ?? '') ?? [];
      // Whoever shows what is worth nothing is told so; only who shows nothing is anonymous.
      if (token === undefined) return certificate === 'invalid' ? undefined : anonymous;
      const found = await tokens.authenticate(token, audiences);
      return 'user' in found ? found.user : undefined;
    },
  };
}
