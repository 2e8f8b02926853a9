/** Fills secrets of type `kubernetes.io/service-account-token` with a token, the CA and the namespace, and deletes those whose account is gone. */
import type { V1Secret } from '../../api/generated/types.ts';
import { hasReason } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { secrets, serviceAccounts } from '../../client/resources.ts';

const tokenType = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';

/** Signs a token that does not end. */
export type SignLegacyToken = (subject: { readonly namespace: string; readonly secret: string; readonly account: { readonly name: string; readonly uid: string } }) => string;

/** `caCertificate`: PEM. */
export function serviceAccountTokenController(caCertificate: string, sign: SignLegacyToken): ControllerDefinition {
  return {
    name: 'serviceaccount-token',
    // With the rights of the controller manager itself: no account of its own could read every secret.
    serviceAccount: null,
    watches: [
      { resource: secrets, keys: (secret) => (secret.type === tokenType ? [keyOf(secret)] : []) },
      {
        resource: serviceAccounts,
        keys: ({ metadata }, _old, informers) =>
          informers
            .informer(secrets)
            .lister.list(metadata?.namespace)
            .filter((secret) => secret.type === tokenType && secret.metadata?.annotations?.[nameAnnotation] === metadata?.name)
            .map(keyOf),
      },
    ],
    start: ({ client, informers }) => ({
      reconcile: async (key) => {
        const [namespace = '', name = ''] = key.split('/');
        const secret = informers.informer(secrets).lister.get(namespace, name);
        const accountName = secret?.metadata?.annotations?.[nameAnnotation] ?? '';
        if (secret === undefined || secret.type !== tokenType || accountName === '') return;
        try {
          // A copy that is behind must not cost a token: the server itself is asked.
          const account = informers.informer(serviceAccounts).lister.get(namespace, accountName) ?? (await client.resource(serviceAccounts, namespace).get(accountName));
          const uid = account.metadata?.uid ?? '';
          const claimed = secret.metadata?.annotations?.[uidAnnotation] ?? '';
          if (claimed !== '' && claimed !== uid) await client.resource(secrets, namespace).delete(name, { preconditions: { uid: secret.metadata?.uid } });
          else if (isIncomplete(secret, caCertificate, uid)) await client.resource(secrets, namespace).update(filled(secret, caCertificate, uid, () => sign({ namespace, secret: name, account: { name: accountName, uid } })));
        } catch (error) {
          if (!hasReason(error, 'NotFound')) throw error;
          await client.resource(secrets, namespace).delete(name, { preconditions: { uid: secret.metadata?.uid } }).catch(ignoreMissing);
        }
      },
    }),
  };
}

function keyOf({ metadata }: V1Secret): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}

function ignoreMissing(error: unknown): void {
  if (!hasReason(error, 'NotFound')) throw error;
}

function isIncomplete({ metadata, data = {} }: V1Secret, caCertificate: string, uid: string): boolean {
  return (data['token'] ?? '') === '' || data['ca.crt'] !== btoa(caCertificate) || (data['namespace'] ?? '') === '' || metadata?.annotations?.[uidAnnotation] !== uid;
}

function filled(secret: V1Secret, caCertificate: string, uid: string, token: () => string): V1Secret {
  const { data = {}, metadata } = secret;
  const known = data['token'] ?? '';
  return {
    ...secret,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, [uidAnnotation]: uid } },
    data: { ...data, 'ca.crt': btoa(caCertificate), namespace: (data['namespace'] ?? '') === '' ? btoa(metadata?.namespace ?? '') : (data['namespace'] ?? ''), token: known === '' ? btoa(token()) : known },
  };
}
