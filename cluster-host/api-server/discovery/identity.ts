/** OIDC discovery of the service account issuer: how others check the cluster's tokens (RFC 8414, RFC 7517). */
import type { ServiceAccountTokens } from '../tokens.ts';
import type { Step } from '../request-chain.ts';

/** What is in them seldom changes. */
const headers = { 'cache-control': 'public, max-age=3600' };

export function identityRoutes(tokens: ServiceAccountTokens, issuer: string): Step {
  return async ({ info }) => {
    if (info.verb !== 'get') return undefined;
    if (info.path === '/openid/v1/jwks') return { type: 'text', status: 200, contentType: 'application/jwk-set+json', text: JSON.stringify(await tokens.keySet()), headers };
    if (info.path !== '/.well-known/openid-configuration') return undefined;
    const document = {
      issuer,
      jwks_uri: `${issuer}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    };
    return { type: 'text', status: 200, contentType: 'application/json', text: JSON.stringify(document), headers };
  };
}
