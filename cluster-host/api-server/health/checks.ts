/** The checks behind the health endpoints. */
import type { Store } from '../../storage/store.ts';
import type { HealthCheck, HealthChecks } from './routes.ts';

export function healthChecks(store: Store): HealthChecks {
  const ping: HealthCheck = { name: 'ping', run: () => Promise.resolve(undefined) };
  // Kubernetes' own name for "the storage answers", whatever the storage is.
  const storage: HealthCheck = { name: 'etcd', run: () => store.revision().then(() => undefined, String) };
  return { healthz: [ping, storage], livez: [ping, storage], readyz: [ping, storage] };
}
