/** Service account tokens as JSON Web Tokens, signed with the cluster's key (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens). */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { quote } from '../../api/text.ts';
import type { Clock } from '../../platform/platform.ts';
import type { BoundObject, RefusedToken, ServiceAccountTokens, TokenClaims } from '../tokens.ts';

interface KubernetesClaim {
  readonly namespace: string;
  readonly serviceaccount: BoundObject;
  readonly pod?: BoundObject;
  readonly secret?: BoundObject;
  readonly node?: BoundObject;
  readonly warnafter?: number;
}

/** Verified tokens that are remembered: a client shows the same one with each request. */
const mostRemembered = 1000;
/** Seconds by which clocks may differ. */
const leeway = 60;

/** `privateKey`: PKCS#8 PEM of a P-256 key. */
export function createServiceAccountTokens(privateKey: string, issuer: string, clock: Clock): ServiceAccountTokens {
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  const read = new Map<string, TokenClaims>();
  // Loaded when the first token is asked for: it is not needed to start.
  const jose = () => import('jose');

  /** What the token says, whenever it says so; undefined for what is not of this issuer. */
  const readToken = async (token: string): Promise<TokenClaims | RefusedToken | undefined> => {
    const known = read.get(token);
    if (known !== undefined) return known;
    const { compactVerify, decodeJwt } = await jose();
    try {
      if (decodeJwt(token).iss !== issuer) return undefined;
    } catch {
      return undefined;
    }
    try {
      const { payload } = await compactVerify(token, publicKey, { algorithms: ['ES256'] });
      const claims = claimsOf(JSON.parse(new TextDecoder().decode(payload)) as JWTPayload);
      if (claims === undefined) return { refused: 'service account token claims could not be validated due to unexpected validation error' };
      if (read.size >= mostRemembered) read.clear();
      read.set(token, claims);
      return claims;
    } catch {
      return { refused: 'go-jose/go-jose: error in cryptographic primitive' };
    }
  };

  return {
    async sign(claims) {
      const { SignJWT, importPKCS8 } = await jose();
      const { namespace, serviceAccount, pod, secret, node, warnAfter } = claims;
      const kubernetes: KubernetesClaim = { namespace, ...(node && { node }), ...(pod && { pod }), ...(secret && { secret }), serviceaccount: serviceAccount, ...(warnAfter && { warnafter: warnAfter }) };
      return new SignJWT({ 'kubernetes.io': kubernetes })
        .setProtectedHeader({ alg: 'ES256', kid: keyId })
        .setIssuer(issuer)
        .setSubject(`system:serviceaccount:${namespace}:${serviceAccount.name}`)
        .setAudience([...claims.audiences])
        .setIssuedAt(claims.issuedAt)
        .setNotBefore(claims.issuedAt)
        .setExpirationTime(claims.expiresAt)
        .setJti(claims.id)
        .sign(await importPKCS8(privateKey, 'ES256'));
    },
    async verify(token, audiences) {
      const claims = await readToken(token);
      if (claims === undefined || 'refused' in claims) return claims;
      if (!claims.audiences.some((audience) => audiences.includes(audience))) {
        return { refused: `token audiences ${quoted(claims.audiences)} is invalid for the target audiences ${quoted(audiences)}` };
      }
      const now = clock.now() / 1000;
      if (claims.expiresAt + leeway < now) return { refused: 'service account token has expired' };
      return claims.issuedAt - leeway > now ? { refused: 'service account token is not valid yet' } : { claims };
    },
    async keySet() {
      const { exportJWK } = await jose();
      const { kty, crv, x, y } = await exportJWK(publicKey);
      return { keys: [{ use: 'sig', kty, kid: keyId, crv, alg: 'ES256', x, y }] };
    },
  };
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map(quote).join(' ')}]`;
}

function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64url');
}

function claimsOf({ 'kubernetes.io': kubernetes, aud, iat = 0, exp = 0, jti = '' }: JWTPayload): TokenClaims | undefined {
  const { namespace, serviceaccount, pod, secret, node, warnafter } = (kubernetes ?? {}) as Partial<KubernetesClaim>;
  if (namespace === undefined || serviceaccount === undefined) return undefined;
  const audiences = aud === undefined ? [] : Array.isArray(aud) ? aud : [aud];
  return { namespace, serviceAccount: serviceaccount, audiences, issuedAt: iat, expiresAt: exp, id: jti, ...(pod && { pod }), ...(secret && { secret }), ...(node && { node }), ...(warnafter && { warnAfter: warnafter }) };
}
