/** Signs `cluster-info` in kube-public with each bootstrap token that is for it, so that who holds one can trust what it says (kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#configmap-signing). */
import type { V1Secret } from '../../api/generated/types.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { configMaps, secrets } from '../../client/resources.ts';
import { isBootstrapToken, tokenEnd, tokenNamespace, tokenText } from '../common/bootstrap-tokens.ts';
import { equal } from '../common/equal.ts';

const namespace = 'kube-public';
const clusterInfo = 'cluster-info';
const signaturePrefix = 'jws-kubeconfig-';

export const bootstrapSignerController: ControllerDefinition = {
  name: 'bootstrap-signer',
  serviceAccount: 'bootstrap-signer',
  watches: [
    { resource: configMaps, keys: ({ metadata }) => (metadata?.namespace === namespace && metadata.name === clusterInfo ? [clusterInfo] : []) },
    { resource: secrets, keys: (secret) => (isBootstrapToken(secret) ? [clusterInfo] : []) },
  ],
  workers: 1,
  start: ({ client, informers, clock }) => ({
    reconcile: async () => {
      const published = informers.informer(configMaps).lister.get(namespace, clusterInfo);
      const { kubeconfig } = published?.data ?? {};
      if (published === undefined || kubeconfig === undefined) return;
      const tokens = informers.informer(secrets).lister.list(tokenNamespace).filter((secret) => isSigning(secret, clock.now()));
      const signatures = await Promise.all(tokens.map(async (secret) => [`${signaturePrefix}${tokenText(secret, 'token-id')}`, await detachedSignature(kubeconfig, secret)] as const));
      const kept = Object.entries(published.data ?? {}).filter(([key]) => !key.startsWith(signaturePrefix));
      const data = Object.fromEntries([...kept, ...signatures]);
      if (!equal(data, published.data)) await client.resource(configMaps, namespace).update({ ...published, data });
    },
  }),
};

function isSigning(secret: V1Secret, now: number): boolean {
  const end = tokenEnd(secret);
  return isBootstrapToken(secret) && tokenText(secret, 'usage-bootstrap-signing') === 'true' && (end === undefined || end > now) && tokenText(secret, 'token-secret') !== '';
}

/** A JSON Web Signature with HMAC, its content left out (RFC 7515, appendix F). */
async function detachedSignature(content: string, secret: V1Secret): Promise<string> {
  const encoder = new TextEncoder();
  const header = base64Url(encoder.encode(JSON.stringify({ alg: 'HS256', kid: tokenText(secret, 'token-id') })));
  const key = await crypto.subtle.importKey('raw', encoder.encode(tokenText(secret, 'token-secret')), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(`${header}.${base64Url(encoder.encode(content))}`));
  return `${header}..${base64Url(new Uint8Array(signature))}`;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
