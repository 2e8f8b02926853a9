/** The checks behind the health endpoints. */
import type { Store } from '../../storage/store.ts';
import type { HealthCheck, HealthChecks } from './routes.ts';

/**
 * What the server does before it listens, by the names of Kubernetes' start-up hooks. Who asks has been answered by a server that
 * has done them all: they are listed because people and probes look for them by name (`/readyz/poststarthook/rbac/bootstrap-roles`).
 */
const startUp: readonly HealthCheck[] = [
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/start-cluster-authentication-info-controller',
  'poststarthook/bootstrap-controller',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/priority-and-fairness-config-producer',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-status-local-available-controller',
  'poststarthook/apiservice-status-remote-available-controller',
  'poststarthook/apiservice-discovery-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapiv3-controller',
].map(done);

function done(name: string): HealthCheck {
  return { name, run: () => Promise.resolve(undefined) };
}

export function healthChecks(store: Store): HealthChecks {
  // Kubernetes' own name for "the storage answers", whatever the storage is.
  const storage: HealthCheck = { name: 'etcd', run: () => store.revision().then(() => undefined, String) };
  const always = [done('ping'), done('log'), storage];
  return { healthz: [...always, ...startUp], livez: [...always, ...startUp], readyz: [...always, { ...storage, name: 'etcd-readiness' }, done('informer-sync'), ...startUp] };
}
