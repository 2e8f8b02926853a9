import { invalid } from '../field-errors.ts';
import type { V1Lease, V1LeaseSpec } from '../generated/types.ts';
import { qualifiedName } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

/** Fields of coordinated leader election (KEP-4355), a beta that is off in 1.36: they are dropped where they are new. */
const coordinated = ['strategy', 'preferredHolder'] as const;

/** Strategies of coordinated leader election that Kubernetes itself knows. */
const ownStrategies = ['OldestEmulationVersion'];

export const lease = defineKind<V1Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  prepareForCreate: ({ spec = {} }) => dropCoordinated(spec, {}),
  prepareForUpdate: ({ spec = {} }, old) => dropCoordinated(spec, old.spec ?? {}),
  *validate({ spec = {} }) {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = spec;
    if (duration !== undefined && duration <= 0) yield invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
    if (transitions !== undefined && transitions < 0) yield invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
    if (strategy !== undefined && !ownStrategies.includes(strategy)) yield* qualifiedName('spec.strategy', strategy);
    if (preferredHolder && !strategy) yield invalid('spec.preferredHolder', preferredHolder, 'strategy must be set when preferredHolder is set');
  },
  columns: [text('Holder', 'Who holds the lease.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});

function dropCoordinated(spec: V1LeaseSpec, old: V1LeaseSpec): void {
  for (const field of coordinated) if (old[field] === undefined) delete spec[field];
}
