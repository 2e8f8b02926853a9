/** The rules in the kernel: real containers on a real bridge reach services by every address that they have. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { V1EndpointSlice, V1Service } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { connectEngine } from '../../engine/http-engine.ts';
import type { Logger } from '../../platform/platform.ts';
import type { ProxyBackend } from '../backend.ts';
import { planRules } from '../plan.ts';
import { dockerPods, type DockerPods } from '../testing/docker-pods.ts';
import { node, service, slice } from '../testing/objects.ts';
import { nftablesBackend } from './nftables.ts';

const cluster = 'network-proxy-test';
const network = '10.55';
const log: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, with: () => log };
const engine = connectEngine();
const nodes = [node(1, network), node(2, network), node(3, network)];
const run = promisify(execFile);
let pods: DockerPods;
let backend: ProxyBackend;

async function fetchFromHost(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(3000), headers: { connection: 'close' } });
  return (await answer.text()).trim();
}

async function repeated(times: number, ask: () => Promise<string>): Promise<Set<string>> {
  const answers = new Set<string>();
  for (let turn = 0; turn < times; turn++) answers.add(await ask());
  return answers;
}

async function apply(services: readonly V1Service[], slices: readonly V1EndpointSlice[]): Promise<void> {
  const slicesOf = (of: V1Service): readonly V1EndpointSlice[] => slices.filter(({ metadata }) => `${metadata?.namespace}/${metadata?.labels?.['kubernetes.io/service-name']}` === keyOf(of));
  await backend.apply(planRules({ services, slicesOf, nodes, podsWithHostPorts: [] }));
}

const web = (extra: object = {}): V1Service => service('web', { clusterIP: '10.95.0.10', ports: [{ port: 80, protocol: 'TCP' }], ...extra });
const podIp = (index: number): string => `${network}.${index}.5`;
const endpoints = [1, 2, 3].map((index) => ({ ip: podIp(index), node: `node-${index}` }));
const webSlice = slice('web', [{ port: 8080 }], endpoints);

beforeAll(async () => {
  pods = await dockerPods(engine, cluster, network);
  await Promise.all([1, 2, 3].map((index) => pods.start(index)));
  backend = nftablesBackend({ engine, log, cluster, network: cluster, clusterCidr: `${network}.0.0/16`, serviceCidr: '10.95.0.0/16' });
  await backend.start();
});

afterAll(async () => {
  await backend.remove();
  await backend.stop();
  await pods.dispose();
  engine.dispose();
});

describe('services in the kernel', () => {
  test('a cluster IP is reached from pods and from the host, and every endpoint has its share', async () => {
    await apply([web()], [webSlice]);
    expect(await repeated(30, () => pods.fetch(2, '10.95.0.10'))).toEqual(new Set(['pod-1', 'pod-2', 'pod-3']));
    expect(await repeated(30, () => fetchFromHost('10.95.0.10'))).toEqual(new Set(['pod-1', 'pod-2', 'pod-3']));
  });

  test('a pod reaches itself through its service', async () => {
    await apply([web()], [slice('web', [{ port: 8080 }], [{ ip: podIp(1) }])]);
    expect(await repeated(5, () => pods.fetch(1, '10.95.0.10'))).toEqual(new Set(['pod-1']));
  });

  test('only ready endpoints get connections', async () => {
    await apply([web()], [slice('web', [{ port: 8080 }], [{ ip: podIp(1), ready: false }, { ip: podIp(2) }, { ip: podIp(3), terminating: true }])]);
    expect(await repeated(10, () => pods.fetch(3, '10.95.0.10'))).toEqual(new Set(['pod-2']));
  });

  test('a service without endpoints refuses, other ports and pings of a cluster IP too', async () => {
    await apply([web()], []);
    expect(await pods.fetch(1, '10.95.0.10')).toContain('Connection refused');
    await apply([web()], [webSlice]);
    expect(await pods.fetch(1, '10.95.0.10:81')).toContain('Connection refused');
    await expect(fetchFromHost('10.95.0.10:81')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(await pods.run(1, '/busybox ping -c 1 -W 1 10.95.0.10')).toContain('100% packet loss');
  });

  test("a node port is open on every node's address and on loopback", async () => {
    await apply([web({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] })], [webSlice]);
    for (const address of [`${network}.0.11:30080`, `${network}.0.13:30080`, '127.0.0.1:30080']) expect(await fetchFromHost(address)).toMatch(/^pod-\d$/);
    expect(await pods.fetch(2, `${network}.0.12:30080`)).toMatch(/^pod-\d$/);
  });

  test("external traffic policy Local stays on the node that was asked", async () => {
    await apply([web({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30_080 }] })], [slice('web', [{ port: 8080 }], endpoints.slice(0, 2))]);
    expect(await repeated(8, () => fetchFromHost(`${network}.0.11:30080`))).toEqual(new Set(['pod-1']));
    expect(await repeated(8, () => fetchFromHost(`${network}.0.12:30080`))).toEqual(new Set(['pod-2']));
    await expect(fetchFromHost(`${network}.0.13:30080`)).rejects.toThrow();
  });

  test("internal traffic policy Local stays on the client's node", async () => {
    await apply([web({ internalTrafficPolicy: 'Local' })], [slice('web', [{ port: 8080 }], endpoints.slice(0, 2))]);
    expect(await repeated(8, () => pods.fetch(2, '10.95.0.10'))).toEqual(new Set(['pod-2']));
    expect(await pods.fetch(3, '10.95.0.10')).not.toMatch(/pod-\d/);
  });

  test('session affinity keeps a client with its endpoint, also when others come', async () => {
    const sticky = web({ sessionAffinity: 'ClientIP' });
    await apply([sticky], [slice('web', [{ port: 8080 }], endpoints.slice(0, 2))]);
    const first = await repeated(10, () => pods.fetch(3, '10.95.0.10'));
    expect(first.size).toBe(1);
    await apply([sticky], [webSlice]);
    expect(await repeated(10, () => pods.fetch(3, '10.95.0.10'))).toEqual(first);
  });

  test('an external address is taken from inside the cluster', async () => {
    await apply([web({ externalIPs: ['192.0.2.77'] })], [webSlice]);
    expect(await pods.fetch(1, '192.0.2.77')).toMatch(/^pod-\d$/);
  });

  test('a load balancer takes connections from its source ranges alone', async () => {
    const balanced = (range: string): V1Service => ({ ...web({ type: 'LoadBalancer', loadBalancerSourceRanges: [range] }), status: { loadBalancer: { ingress: [{ ip: '192.0.2.78' }] } } });
    await apply([balanced(`${network}.1.0/24`)], [webSlice]);
    expect(await pods.fetch(1, '192.0.2.78')).toMatch(/^pod-\d$/);
    expect(await pods.fetch(2, '192.0.2.78')).not.toMatch(/pod-\d/);
  });

  test('a pod may not speak to the loopback services of the host', async () => {
    expect(await pods.run(1, `/busybox ip route add 127.0.0.0/8 via ${network}.0.1 2>&1; echo done`)).toContain('done');
    const { stdout } = await run('nft', ['list', 'chain', 'ip', `kubicle-${cluster}`, 'prerouting-guard']);
    expect(stdout).toContain('ip daddr 127.0.0.0/8 drop');
  });

  test('names as long as Kubernetes allows', async () => {
    const long = { ...service('x'.repeat(63), { clusterIP: '10.95.0.99', sessionAffinity: 'ClientIP', ports: [{ name: 'p'.repeat(15), port: 80 }] }) };
    long.metadata = { name: 'x'.repeat(63), namespace: 'default' };
    await apply([long], [slice('x'.repeat(63), [{ name: 'p'.repeat(15), port: 8080 }], [{ ip: podIp(2) }])]);
    expect(await pods.fetch(1, '10.95.0.99')).toBe('pod-2');
  });

  test('what was taken back is gone', async () => {
    await backend.remove();
    const { stdout } = await run('nft', ['list', 'tables']);
    expect(stdout).not.toContain(cluster);
  });
});
