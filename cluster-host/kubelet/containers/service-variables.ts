/** Variables that tell a container where services are (kubernetes.io/docs/concepts/services-networking/service/#environment-variables). Pure. */
import type { V1Service } from '../../api/generated/types.ts';

/** With `links` those of all services given; without, only those of `default/kubernetes`, which every container gets. */
export function serviceVariables(services: readonly V1Service[], links: boolean): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const service of services) {
    const { name = '', namespace } = service.metadata ?? {};
    const { clusterIP, ports = [] } = service.spec ?? {};
    const isMaster = namespace === 'default' && name === 'kubernetes';
    if ((!links && !isMaster) || clusterIP === undefined || clusterIP === '' || clusterIP === 'None') continue;
    addService(values, variableName(name), clusterIP, ports);
  }
  return values;
}

function addService(values: Map<string, string>, prefix: string, ip: string, ports: NonNullable<NonNullable<V1Service['spec']>['ports']>): void {
  values.set(`${prefix}_SERVICE_HOST`, ip);
  values.set(`${prefix}_SERVICE_PORT`, String(ports[0]?.port ?? ''));
  for (const { name, port } of ports) if (name !== undefined && name !== '') values.set(`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port));
  for (const [index, { port, protocol = 'TCP' }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
    const own = `${prefix}_PORT_${port}_${protocol}`;
    if (index === 0) values.set(`${prefix}_PORT`, url);
    values.set(own, url);
    values.set(`${own}_PROTO`, protocol.toLowerCase());
    values.set(`${own}_PORT`, String(port));
    values.set(`${own}_ADDR`, ip);
  }
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
