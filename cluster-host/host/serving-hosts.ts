/** The names and addresses that the API server's certificate is good for. */
import type { ClusterSettings } from './settings.ts';

/** The nth address of an IPv4 range: `10.96.0.0/16`, 1 → `10.96.0.1`. */
export function addressIn(cidr: string, index: number): string {
  const parts = (cidr.split('/')[0] ?? '').split('.').map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0) + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

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
