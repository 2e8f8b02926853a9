/** Kinds that need the server for more than storing them: a row a resource, by `plural` or `plural.group`. */
import type { Platform } from '../../platform/platform.ts';
import type { Registries } from '../registry/registries.ts';
import { namespaceStrategy } from './namespace.ts';
import { podStrategy } from './pod.ts';
import { ServiceAddresses, type ServiceRanges } from './service-addresses.ts';
import { serviceStrategy } from './service.ts';
import type { ResourceStrategy } from './strategy.ts';

export interface StrategyContext {
  readonly platform: Platform;
  readonly ranges: ServiceRanges;
  /** Only to be called once all are made. */
  readonly registries: () => Registries;
}

export function createStrategies({ platform, ranges, registries }: StrategyContext): Readonly<Record<string, ResourceStrategy>> {
  const now = (): number => platform.clock.now();
  return {
    namespaces: namespaceStrategy,
    pods: podStrategy(registries, now),
    services: serviceStrategy(registries, new ServiceAddresses(ranges, platform.random)),
    endpoints: { createOnUpdate: true },
    events: { createOnUpdate: true },
    limitranges: { createOnUpdate: true },
    replicationcontrollers: { orphansByDefault: true },
    'jobs.batch': { orphansByDefault: true },
    serviceaccounts: { returnsDeleted: true },
    persistentvolumes: { returnsDeleted: true },
    persistentvolumeclaims: { returnsDeleted: true },
    podtemplates: { returnsDeleted: true },
    resourcequotas: { returnsDeleted: true },
    'leases.coordination.k8s.io': { createOnUpdate: true, unconditionalUpdate: false },
    'poddisruptionbudgets.policy': { unconditionalUpdate: false },
    'runtimeclasses.node.k8s.io': { unconditionalUpdate: false },
    'roles.rbac.authorization.k8s.io': { createOnUpdate: true },
    'rolebindings.rbac.authorization.k8s.io': { createOnUpdate: true },
    'clusterroles.rbac.authorization.k8s.io': { createOnUpdate: true },
    'clusterrolebindings.rbac.authorization.k8s.io': { createOnUpdate: true },
  };
}
