import { carryAllocations, completeClusterIps, setServiceDefaults } from '../defaults/service.ts';
import type { V1Service } from '../generated/types.ts';
import { nameIsDns1035Label } from '../names.ts';
import { validateAddressUpdate } from '../validation/service-addresses.ts';
import { isHeadless, validateService, validateServiceStatus, validateServiceUpdate } from '../validation/service.ts';
import { ageColumn, none, text, unknown, wide } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { labelsText } from './workload-columns.ts';

export const service = defineKind<V1Service>({
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: { proxy: { verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: 'ServiceProxyOptions' } },
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
  validateName: nameIsDns1035Label,
  setDefaults: setServiceDefaults,
  prepareForCreate(object) {
    if (object.spec) completeClusterIps(object.spec);
  },
  prepareForUpdate({ spec }, old) {
    if (spec) carryAllocations(spec, old.spec ?? {});
  },
  validate: validateService,
  *validateUpdate(object, old) {
    yield* validateAddressUpdate(object.spec ?? {}, old.spec ?? {});
    yield* validateServiceUpdate(object, old);
  },
  status: { validateUpdate: validateServiceStatus },
  warnings: ({ spec = {} }) => [
    ...(isHeadless(spec) && spec.loadBalancerIP ? ['spec.loadBalancerIP is ignored when ClusterIPs is "None"'] : []),
    ...(isHeadless(spec) && spec.externalIPs?.length ? ['spec.externalIPs is ignored when spec.clusterIPs is "None"'] : []),
    ...(isHeadless(spec) && spec.sessionAffinity === 'ClientIP' ? ['spec.SessionAffinity is ignored for headless services'] : []),
  ],
  columns: [
    text('Type', 'Who can reach the service.', ({ spec }) => spec?.type ?? ''),
    text('Cluster-IP', 'Its address in the cluster.', ({ spec }) => spec?.clusterIPs?.[0] ?? none),
    text('External-IP', 'Its address outside the cluster.', externalIp),
    text('Port(s)', 'Ports, and the ports of nodes for them.', ({ spec }) => portsText(spec?.ports ?? [])),
    ageColumn,
    wide(text('Selector', 'Which pods serve it.', ({ spec }) => labelsText(spec?.selector))),
  ],
});

function externalIp({ spec = {}, status }: V1Service): string {
  const externalIps = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return externalIps.join(',') || none;
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter(Boolean);
      return [...[...new Set(ingress)].toSorted(), ...externalIps].join(',') || '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return unknown;
  }
}

function portsText(ports: NonNullable<NonNullable<V1Service['spec']>['ports']>): string {
  const texts = ports.map(({ port, nodePort, protocol }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`));
  return texts.join(',') || none;
}
