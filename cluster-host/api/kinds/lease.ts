import { invalid } from '../field-errors.ts';
import type { V1Lease } from '../generated/types.ts';
import { qualifiedName } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

/** Strategies of coordinated leader election that Kubernetes itself knows. */
const ownStrategies = ['OldestEmulationVersion'];

export const lease = defineKind<V1Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  *validate({ spec = {} }) {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = spec;
    if (duration !== undefined && duration <= 0) yield invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
    if (transitions !== undefined && transitions < 0) yield invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
    if (strategy !== undefined && !ownStrategies.includes(strategy)) yield* qualifiedName('spec.strategy', strategy);
    if (preferredHolder && !strategy) yield invalid('spec.preferredHolder', preferredHolder, 'strategy must be set when preferredHolder is set');
  },
  columns: [text('Holder', 'Who holds the lease.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});
