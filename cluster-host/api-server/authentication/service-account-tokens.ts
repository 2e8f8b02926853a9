/** Service account tokens as JSON Web Tokens, signed with the cluster's key (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens). */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Clock } from '../../platform/platform.ts';
import type { BoundObject, ServiceAccountTokens, TokenClaims } from '../tokens.ts';

interface KubernetesClaim {
  readonly namespace: string;
  readonly serviceaccount: BoundObject;
  readonly pod?: BoundObject;
  readonly secret?: BoundObject;
  readonly node?: BoundObject;
}

/** Verified tokens that are remembered: a client shows the same one with each request. */
const mostRemembered = 1000;

/** `privateKey`: PKCS#8 PEM of a P-256 key. */
export function createServiceAccountTokens(privateKey: string, issuer: string, clock: Clock): ServiceAccountTokens {
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  const verified = new Map<string, TokenClaims>();
  // Loaded when the first token is asked for: it is not needed to start.
  const jose = () => import('jose');

  const read = async (token: string): Promise<TokenClaims | undefined> => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    const { jwtVerify } = await jose();
    try {
      const { payload } = await jwtVerify(token, publicKey, { issuer, algorithms: ['ES256'], currentDate: new Date(clock.now()) });
      const claims = claimsOf(payload);
      if (claims !== undefined) {
        if (verified.size >= mostRemembered) verified.clear();
        verified.set(token, claims);
      }
      return claims;
    } catch {
      return undefined;
    }
  };

  return {
    async sign(claims) {
      const { SignJWT, importPKCS8 } = await jose();
      const { namespace, serviceAccount, pod, secret, node } = claims;
      const kubernetes: KubernetesClaim = { namespace, serviceaccount: serviceAccount, ...(node && { node }), ...(pod && { pod }), ...(secret && { secret }) };
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
      const claims = await read(token);
      if (claims === undefined || claims.expiresAt * 1000 <= clock.now()) return undefined;
      return claims.audiences.some((audience) => audiences.includes(audience)) ? claims : undefined;
    },
    async keySet() {
      const { exportJWK } = await jose();
      return { keys: [{ ...(await exportJWK(publicKey)), use: 'sig', kid: keyId, alg: 'ES256' }] };
    },
  };
}

function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64url');
}

function claimsOf({ 'kubernetes.io': kubernetes, aud, iat = 0, exp = 0, jti = '' }: JWTPayload): TokenClaims | undefined {
  const { namespace, serviceaccount, pod, secret, node } = (kubernetes ?? {}) as Partial<KubernetesClaim>;
  if (namespace === undefined || serviceaccount === undefined) return undefined;
  const audiences = aud === undefined ? [] : Array.isArray(aud) ? aud : [aud];
  return { namespace, serviceAccount: serviceaccount, audiences, issuedAt: iat, expiresAt: exp, id: jti, ...(pod && { pod }), ...(secret && { secret }), ...(node && { node }) };
}
