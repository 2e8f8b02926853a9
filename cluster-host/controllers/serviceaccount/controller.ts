/** Every namespace has a service account `default` (kubernetes.io/docs/concepts/security/service-accounts). */
import type { V1ServiceAccount } from '../../api/generated/types.ts';
import { serviceAccounts } from '../../client/resources.ts';
import { inEachNamespace } from '../common/in-each-namespace.ts';

export const serviceAccountController = inEachNamespace<V1ServiceAccount>({ name: 'serviceaccount', serviceAccount: 'service-account-controller' }, serviceAccounts, 'default', (namespace) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
}));
