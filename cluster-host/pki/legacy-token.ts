/** A token of a service account for a secret: signed, and without an end (kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets). */
import { createHash, createPublicKey, sign } from 'node:crypto';

export interface LegacyTokenSubject {
  readonly namespace: string;
  readonly secret: string;
  readonly account: { readonly name: string; readonly uid: string };
}

/** `privateKey`: PKCS#8 PEM of a P-256 key. */
export function signLegacyToken(privateKey: string, { namespace, secret, account }: LegacyTokenSubject): string {
  const keyId = createHash('sha256').update(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })).digest('base64url');
  const claims = {
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret,
    'kubernetes.io/serviceaccount/service-account.name': account.name,
    'kubernetes.io/serviceaccount/service-account.uid': account.uid,
    sub: `system:serviceaccount:${namespace}:${account.name}`,
  };
  const content = [{ alg: 'ES256', kid: keyId }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}
