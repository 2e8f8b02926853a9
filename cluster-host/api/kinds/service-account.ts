import type { V1ServiceAccount } from '../generated/types.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';

export const serviceAccount = defineKind<V1ServiceAccount>({
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  subresources: { token: { verbs: ['create'], group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
  warnings: ({ metadata }) =>
    metadata?.annotations?.[enforceAnnotation] === undefined ? [] : [`metadata.annotations[${enforceAnnotation}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`],
  columns: [text('Secrets', 'How many secrets it lists.', ({ secrets = [] }) => secrets.length), ageColumn],
});
