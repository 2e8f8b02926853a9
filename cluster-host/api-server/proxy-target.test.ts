import { describe, expect, test } from 'vitest';
import type { V1EndpointSlice, V1Node, V1Pod, V1Service } from '../api/generated/types.ts';
import { nodeTarget, podTarget, serviceTarget } from './proxy-target.ts';

const pod: V1Pod = { spec: { nodeName: 'n', containers: [{ name: 'a' }, { name: 'b', ports: [{ containerPort: 8080 }] }] }, status: { podIP: '10.0.0.1' } };
const service: V1Service = { spec: { ports: [{ name: 'http', port: 80 }, { name: 'admin', port: 81 }] } };
const slice: V1EndpointSlice = {
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080 }],
  endpoints: [{ addresses: ['10.0.0.1'], nodeName: 'n1' }, { addresses: ['10.0.0.2'], nodeName: 'n2', conditions: { ready: false } }, { addresses: ['10.0.0.3'], nodeName: 'n3' }],
};
const last = (count: number): number => count - 1;

describe('where a proxy request leads', () => {
  test.each([
    ['web', 'http://10.0.0.1:8080'],
    ['web:81', 'http://10.0.0.1:81'],
    ['http:web:81', 'http://10.0.0.1:81'],
    ['https:web:8443', 'https://10.0.0.1:8443'],
    [':web:81', 'http://10.0.0.1:81'],
  ])('pod %s', (id, expected) => {
    const { scheme, host, port, node } = podTarget(id, pod);
    expect(`${scheme}://${host}:${port}`).toBe(expected);
    expect(node).toBe('n');
  });

  test.each(['a:b:c:d', 'ftp:web:21', ':80', 'http::80', 'web:x'])('%s is no pod', (id) => {
    expect(() => podTarget(id, pod)).toThrow(`invalid pod request ${JSON.stringify(id)}`);
  });

  test.each(['127.0.0.1', '169.254.169.254', '224.0.0.1', undefined])('a pod may not claim %s', (podIP) => {
    expect(() => podTarget('web', { ...pod, status: podIP === undefined ? {} : { podIP } })).toThrow('address not allowed');
  });

  test('a service by number or name of its port, over ready endpoints', () => {
    expect(serviceTarget('web:80', service, [slice], last)).toEqual({ scheme: 'http', host: '10.0.0.3', port: 8080, node: 'n3' });
    expect(serviceTarget('https:web:http', service, [slice], () => 0)).toEqual({ scheme: 'https', host: '10.0.0.1', port: 8080, node: 'n1' });
  });

  test('a service without such a port or without endpoints', () => {
    expect(() => serviceTarget('web:99', service, [slice], last)).toThrow('no service port 99 found for service "web"');
    expect(() => serviceTarget('web:admin', service, [slice], last)).toThrow('no endpoints available for service "web:admin"');
    expect(() => serviceTarget('web:http', service, [], last)).toThrow('no endpoints available for service "web"');
  });

  test("a node: the kubelet's port is secure", () => {
    const node: V1Node = { status: { addresses: [{ type: 'InternalIP', address: '10.0.0.9' }], daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } } } };
    expect(nodeTarget('n1', node)).toEqual({ scheme: 'https', host: '10.0.0.9', port: 10_250, node: 'n1' });
    expect(nodeTarget('n1:9100', node)).toEqual({ scheme: 'http', host: '10.0.0.9', port: 9100, node: 'n1' });
  });
});
