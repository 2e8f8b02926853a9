/** Discovery as a pod sees it: the kube-dns service leads to the host's DNS server, names lead to services, services to pods. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from '../../client/api-client.ts';
import { SharedInformers } from '../../client/shared-informers.ts';
import { FakeApi } from '../../client/testing/fake-api.ts';
import { connectEngine } from '../../engine/http-engine.ts';
import { nodePlatform } from '../../platform/node/platform.ts';
import type { Logger } from '../../platform/platform.ts';
import { nftablesBackend } from '../../proxy/backends/nftables.ts';
import { createProxy, type Proxy } from '../../proxy/proxy.ts';
import { dockerPods, type DockerPods } from '../../proxy/testing/docker-pods.ts';
import { node, service, slice } from '../../proxy/testing/objects.ts';
import { watchClusterNames } from '../cluster-names.ts';
import { createDnsServer, type DnsServer } from './dns-server.ts';

const cluster = 'network-dns-test';
const network = '10.56';
const dnsIp = '10.93.0.10';
const log: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, with: () => log };
const platform = nodePlatform(log);
const engine = connectEngine();
const api = new FakeApi();
const informers = new SharedInformers(new ApiClient(api), platform);
const backend = nftablesBackend({ engine, log, cluster, network: cluster, clusterCidr: `${network}.0.0/16`, serviceCidr: '10.93.0.0/16' });
let pods: DockerPods;
let proxy: Proxy;
let dns: DnsServer;

beforeAll(async () => {
  pods = await dockerPods(engine, cluster, network);
  const resolver = { Dns: [dnsIp], DnsSearch: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'], DnsOptions: ['ndots:5'] };
  await Promise.all([1, 2].map((index) => pods.start(index, resolver)));
  const names = watchClusterNames(informers);
  dns = createDnsServer({ platform, names, host: `${network}.0.1`, port: 0, upstreams: [] });
  const port = await dns.start();
  const ports = [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, protocol: 'TCP' }];
  api.seed([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
    { apiVersion: 'v1', kind: 'Node', ...node(1, network) },
    { apiVersion: 'v1', kind: 'Service', ...service('kube-dns', { clusterIP: dnsIp, ports }) },
    { apiVersion: 'v1', kind: 'Service', ...service('web', { clusterIP: '10.93.0.20', ports: [{ name: 'http', port: 80 }] }) },
    { apiVersion: 'v1', kind: 'Service', ...service('each', { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }] }) },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...slice('kube-dns', ports.map((each) => ({ ...each, port })), [{ ip: `${network}.0.1` }]) },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...slice('web', [{ name: 'http', port: 8080 }], [{ ip: pods.ip(2) }]) },
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...slice('each', [{ name: 'http', port: 8080 }], [{ ip: pods.ip(1) }, { ip: pods.ip(2), hostname: 'second' }]) },
  ]);
  proxy = createProxy({ platform, informers, backend });
  await proxy.start();
  await Promise.all([proxy.synced(), names.synced()]);
});

afterAll(async () => {
  await backend.remove();
  await proxy.stop();
  await dns.stop();
  informers.dispose();
  await pods.dispose();
  engine.dispose();
});

describe('discovery', () => {
  test('over UDP: a name of a service and its address', async () => {
    expect(await pods.run(1, `/busybox nslookup web.default.svc.cluster.local ${dnsIp}`)).toContain('10.93.0.20');
    expect(await pods.run(1, `/busybox nslookup nothing.default.svc.cluster.local ${dnsIp}`)).toContain('NXDOMAIN');
  });

  test('a short name, through the search list', async () => {
    expect(await pods.fetch(1, 'web')).toBe('pod-2');
    expect(await pods.fetch(1, 'web.default')).toBe('pod-2');
    expect(await pods.fetch(1, 'web.default.svc.cluster.local')).toBe('pod-2');
  });

  test('endpoints of a headless service, all of them and by name', async () => {
    const all = await pods.run(1, `/busybox nslookup each.default.svc.cluster.local ${dnsIp}`);
    expect(all).toContain(pods.ip(1));
    expect(all).toContain(pods.ip(2));
    expect(await pods.fetch(1, 'second.each:8080')).toBe('pod-2');
  });

  test('a change is known at once', async () => {
    const services = new ApiClient(api).resource({ group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true }, 'default');
    await services.create({ apiVersion: 'v1', kind: 'Service', ...service('later', { clusterIP: '10.93.0.30', ports: [{ port: 80 }] }) });
    await expect.poll(() => pods.run(1, `/busybox nslookup later.default.svc.cluster.local ${dnsIp}`)).toContain('10.93.0.30');
    expect(await pods.fetch(1, 'later')).toContain('Connection refused');
  });
});
