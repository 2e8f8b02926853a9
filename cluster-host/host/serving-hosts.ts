/** The names and addresses that the API server's certificate is good for. */
import { addressIn } from '../wiring/addresses.ts';
import type { ClusterSettings } from './settings.ts';

export function servingHosts(settings: Pick<ClusterSettings, 'clusterCidr' | 'serviceCidr'>): readonly string[] {
  return [
    'localhost',
    '127.0.0.1',
    '::1',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    addressIn(settings.serviceCidr, 1),
    addressIn(settings.clusterCidr, 1),
  ];
}
