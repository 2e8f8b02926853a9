import { describe, expect, test } from 'vitest';
import type { V1EndpointSlice, V1Pod, V1Service } from '../api/generated/types.ts';
import { planRules } from './plan.ts';
import type { Rules } from './rules.ts';
import { node, service, slice } from './testing/objects.ts';

function plan(services: readonly V1Service[], slices: readonly V1EndpointSlice[], podsWithHostPorts: readonly V1Pod[] = []): Rules {
  const slicesOf = (of: V1Service): readonly V1EndpointSlice[] => slices.filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === of.metadata?.name);
  return planRules({ services, slicesOf, nodes: [node(2), node(1)], podsWithHostPorts });
}

const frontends = ({ frontends }: Rules): readonly string[] => frontends.map(({ ip, protocol, port, balancer }) => `${ip} ${protocol} ${port} ${balancer ?? 'refused'}`);
const ends = (rules: Rules, name: string): readonly string[] | undefined => rules.balancers.find((balancer) => balancer.name === name)?.endpoints.map(({ ip, port }) => `${ip}:${port}`);

const twoPods = [{ ip: '10.244.2.5', node: 'node-2' }, { ip: '10.244.1.5', node: 'node-1' }];

describe('planRules', () => {
  test('a cluster IP leads to the endpoints of the port with its name', () => {
    const rules = plan(
      [service('web', { clusterIP: '10.96.0.10', ports: [{ name: 'http', port: 80 }, { name: 'dns', port: 53, protocol: 'UDP' }] })],
      [slice('web', [{ name: 'http', port: 8080 }, { name: 'dns', port: 5353, protocol: 'UDP' }], twoPods)],
    );
    expect(rules.nodeAddresses).toEqual(['10.244.0.11', '10.244.0.12']);
    expect(frontends(rules)).toEqual(['10.96.0.10 tcp 80 default/web/tcp/http', '10.96.0.10 udp 53 default/web/udp/dns']);
    expect(ends(rules, 'default/web/tcp/http')).toEqual(['10.244.1.5:8080', '10.244.2.5:8080']);
    expect(ends(rules, 'default/web/udp/dns')).toEqual(['10.244.1.5:5353', '10.244.2.5:5353']);
  });

  test.each(['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'])('a service labelled %s is not ours', (label) => {
    const web = service('web', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] });
    const slices = [slice('web', [{ port: 8080 }], twoPods)];
    expect(frontends(plan([web], slices))).toHaveLength(1);
    expect(frontends(plan([{ ...web, metadata: { ...web.metadata, labels: { [label]: 'other' } } }], slices))).toEqual([]);
  });

  test('several slices are one service; an address counts once', () => {
    const rules = plan(
      [service('web', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] })],
      [slice('web', [{ port: 8080 }], [{ ip: '10.244.1.5' }]), slice('web', [{ port: 8080 }], [{ ip: '10.244.1.5' }, { ip: '10.244.1.6' }], 'b')],
    );
    expect(ends(rules, 'default/web/tcp/80')).toEqual(['10.244.1.5:8080', '10.244.1.6:8080']);
  });

  test.each([
    ['none', [], undefined],
    ['ready ones only', [{ ip: '10.0.0.1', ready: false }, { ip: '10.0.0.2' }, { ip: '10.0.0.3', terminating: true }], ['10.0.0.2:8080']],
    ['ending ones that serve, where no other is ready', [{ ip: '10.0.0.1', ready: false }, { ip: '10.0.0.3', terminating: true }], ['10.0.0.3:8080']],
    ['no ending ones that do not serve', [{ ip: '10.0.0.3', terminating: true, ready: false }], undefined],
  ])('endpoints: %s', (_name, endpoints, expected) => {
    const rules = plan([service('web', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] })], [slice('web', [{ port: 8080 }], endpoints)]);
    expect(ends(rules, 'default/web/tcp/80')).toEqual(expected);
    expect(frontends(rules)).toEqual([`10.96.0.10 tcp 80 ${expected === undefined ? 'refused' : 'default/web/tcp/80'}`]);
  });

  test('node ports are on every node and on loopback', () => {
    const rules = plan([service('web', { type: 'NodePort', clusterIP: '10.96.0.10', ports: [{ port: 80, nodePort: 30_080 }] })], [slice('web', [{ port: 8080 }], twoPods)]);
    expect(frontends(rules).slice(1)).toEqual(['10.244.0.11 tcp 30080', '10.244.0.12 tcp 30080', '127.0.0.1 tcp 30080'].map((place) => `${place} default/web/tcp/80`));
  });

  test('external policy Local: each node leads to its own, and refuses where it has none', () => {
    const local = service('web', { type: 'NodePort', clusterIP: '10.96.0.10', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30_080 }] });
    const rules = plan([local], [slice('web', [{ port: 8080 }], twoPods.slice(0, 1))]);
    expect(frontends(rules).slice(1, 3)).toEqual(['10.244.0.11 tcp 30080 refused', '10.244.0.12 tcp 30080 default/web/tcp/80/on/node-2']);
    expect(ends(rules, 'default/web/tcp/80/on/node-2')).toEqual(['10.244.2.5:8080']);
  });

  test('hints keep the traffic of a node near, as long as every endpoint has one', () => {
    const web = service('web', { clusterIP: '10.96.0.10', trafficDistribution: 'PreferSameNode', ports: [{ port: 80 }] });
    const hintedPods = twoPods.map((pod) => ({ ...pod, hints: { forNodes: [{ name: pod.node }] } }));
    const nearby = (endpoints: typeof twoPods) => plan([web], [slice('web', [{ port: 8080 }], endpoints)]).balancers.find(({ name }) => name.endsWith('/internal'));
    expect(nearby(hintedPods)?.bySource).toEqual([
      { cidr: '10.244.1.0/24', endpoints: [{ ip: '10.244.1.5', port: 8080 }] },
      { cidr: '10.244.2.0/24', endpoints: [{ ip: '10.244.2.5', port: 8080 }] },
    ]);
    expect(nearby(hintedPods.slice(0, 1))?.bySource).toEqual([{ cidr: '10.244.2.0/24', endpoints: [{ ip: '10.244.2.5', port: 8080 }] }]);
    expect(nearby([...hintedPods, { ip: '10.244.1.6', node: 'node-1' }])).toBeUndefined();
  });

  test("internal policy Local: by the client's node", () => {
    const rules = plan([service('web', { clusterIP: '10.96.0.10', internalTrafficPolicy: 'Local', ports: [{ port: 80 }] })], [slice('web', [{ port: 8080 }], twoPods.slice(0, 1))]);
    expect(rules.balancers.find(({ name }) => name.endsWith('/internal'))?.bySource).toEqual([
      { cidr: '10.244.1.0/24', endpoints: [] },
      { cidr: '10.244.2.0/24', endpoints: [{ ip: '10.244.2.5', port: 8080 }] },
    ]);
  });

  test('external addresses and those of a load balancer', () => {
    const balanced: V1Service = { ...service('web', { clusterIP: '10.96.0.10', externalIPs: ['192.0.2.1'], ports: [{ port: 80 }] }), status: { loadBalancer: { ingress: [{ ip: '192.0.2.2' }, { ip: '192.0.2.3', ipMode: 'Proxy' }, { hostname: 'lb.example.com' }] } } };
    expect(frontends(plan([balanced], [slice('web', [{ port: 8080 }], twoPods)])).slice(1)).toEqual(['192.0.2.1 tcp 80 default/web/tcp/80', '192.0.2.2 tcp 80 default/web/tcp/80']);
  });

  test('a load balancer takes connections from its source ranges alone', () => {
    const limited = service('web', { type: 'LoadBalancer', clusterIP: '10.96.0.10', loadBalancerSourceRanges: ['10.0.0.0/8'], ports: [{ port: 80 }] });
    const rules = plan([{ ...limited, status: { loadBalancer: { ingress: [{ ip: '192.0.2.2' }] } } }], [slice('web', [{ port: 8080 }], twoPods)]);
    expect(frontends(rules).at(-1)).toBe('192.0.2.2 tcp 80 default/web/tcp/80/loadbalancer');
    expect(rules.balancers.at(-1)?.sources).toEqual(['10.0.0.0/8']);
  });

  test('affinity has a time, three hours where none is given', () => {
    const sticky = (timeoutSeconds?: number): V1Service => service('web', { clusterIP: '10.96.0.10', sessionAffinity: 'ClientIP', ports: [{ port: 80 }], ...(timeoutSeconds !== undefined && { sessionAffinityConfig: { clientIP: { timeoutSeconds } } }) });
    const slices = [slice('web', [{ port: 8080 }], twoPods)];
    expect(plan([sticky()], slices).balancers[0]?.affinitySeconds).toBe(10_800);
    expect(plan([sticky(60)], slices).balancers[0]?.affinitySeconds).toBe(60);
  });

  test('headless services and external names need no rules', () => {
    expect(plan([service('db', { clusterIP: 'None', ports: [{ port: 1 }] }), service('out', { type: 'ExternalName', externalName: 'x.y' })], []).frontends).toEqual([]);
  });

  test("host ports lead from the node's address to the pod", () => {
    const pod: V1Pod = {
      metadata: { name: 'edge', namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 53, hostPort: 53, protocol: 'UDP', hostIP: '127.0.0.1' }, { containerPort: 1 }] }] },
      status: { phase: 'Running', podIP: '10.244.1.5' },
    };
    expect(frontends(plan([], [], [pod]))).toEqual(['10.244.0.11 tcp 8080', '127.0.0.1 tcp 8080', '127.0.0.1 udp 53'].map((place) => `${place} default/edge/hostport/${place.includes('udp') ? 'udp/53' : 'tcp/8080'}`));
    expect(frontends(plan([], [], [{ ...pod, status: { phase: 'Succeeded', podIP: '10.244.1.5' } }]))).toEqual([]);
  });
});
