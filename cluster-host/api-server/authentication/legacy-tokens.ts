/** Tokens of service accounts that lie in secrets and never end (https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets). */
import { createPublicKey } from 'node:crypto';
import type { V1Secret } from '../../api/generated/types.ts';
import { base64Text } from '../../api/validation/base64.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Registries } from '../registry/registries.ts';
import { serviceAccountUser } from './service-account-users.ts';
import type { TokenSource } from './token-authenticator.ts';

const issuer = 'kubernetes/serviceaccount';
const invalidated = 'service account token has been invalidated';

/** `privateKey`: PKCS#8 PEM of the key that signed them. */
export function legacyTokens(privateKey: string, registries: Registries): TokenSource {
  const publicKey = createPublicKey(privateKey);
  return async (token, audiences) => {
    const { compactVerify, decodeJwt } = await import('jose');
    try {
      if (decodeJwt(token).iss !== issuer) return undefined;
    } catch {
      return undefined;
    }
    let claims: Readonly<Record<string, string | undefined>>;
    try {
      claims = JSON.parse(new TextDecoder().decode((await compactVerify(token, publicKey, { algorithms: ['ES256'] })).payload));
    } catch {
      return { refused: 'go-jose/go-jose: error in cryptographic primitive' };
    }
    const claim = (name: string): string => claims[`kubernetes.io/serviceaccount/${name}`] ?? '';
    const [namespace, secretName, name, uid] = [claim('namespace'), claim('secret.name'), claim('service-account.name'), claim('service-account.uid')];
    const find = async (plural: string, wanted: string): Promise<KubeObject | undefined> => (await registries.find('', 'v1', plural)?.find(namespace, wanted))?.object;
    const secret = (await find('secrets', secretName)) as V1Secret | undefined;
    if (secret === undefined || secret.metadata?.deletionTimestamp !== undefined) return { refused: invalidated };
    if (base64Text(secret.data?.['token'] ?? '') !== token) return { refused: "service account token does not match server's copy" };
    const account = await find('serviceaccounts', name);
    if (account === undefined) return { refused: `serviceaccounts ${JSON.stringify(name)} not found` };
    if (account.metadata?.uid !== uid) return { refused: `service account UID (${account.metadata?.uid}) does not match claim (${uid})` };
    return { user: serviceAccountUser(namespace, { name, uid }), audiences };
  };
}
