import { describe, expect, test } from 'vitest';
import type { V1Container, V1Pod } from '../../api/generated/types.ts';
import { type EnvironmentInput, environmentOf } from './environment.ts';
import { expand, unknownNames } from './expansion.ts';
import { fieldValue, resourceValue } from './field-values.ts';
import { hostsFile, resolverFile } from './network-files.ts';
import { containerResources, qosClass } from './resources.ts';
import { containerSecurity } from './security.ts';

const facts = { nodeName: 'node-1', hostIp: '10.0.0.1', podIp: '10.244.0.5', allocatable: { cpu: '2', memory: '4Gi' } };
const pod: V1Pod = { metadata: { name: 'rich', namespace: 'ns', uid: 'u1', labels: { app: 'rich', b: 'x"y' } }, spec: { containers: [] } };

test.each([
  ['$(A)-$(B)', 'one-$(B)'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$one'],
  ['$A $(', '$A $('],
])('%s expands to %s', (text, expected) => {
  expect(expand(text, new Map([['A', 'one']]))).toBe(expected);
});

test('names that nobody defines are found', () => {
  expect(unknownNames('$(A)/$(B)/$$(C)', new Map([['A', '1']]))).toEqual(['B']);
});

test('the downward API', () => {
  expect(fieldValue(pod, 'metadata.labels', facts)).toBe('app="rich"\nb="x\\"y"');
  expect(fieldValue(pod, "metadata.labels['app']", facts)).toBe('rich');
  expect(fieldValue(pod, "metadata.annotations['none']", facts)).toBe('');
  expect(fieldValue(pod, 'status.podIP', facts)).toBe('10.244.0.5');
  expect(fieldValue(pod, 'spec.nothing', facts)).toBeUndefined();
});

test('resources in units of the divisor, rounded up; without a limit the node has it', () => {
  const container: V1Container = { name: 'c', resources: { limits: { cpu: '150m' }, requests: { memory: '10M' } } };
  expect(resourceValue(pod, { resource: 'limits.cpu' }, container, facts)).toBe('1');
  expect(resourceValue(pod, { resource: 'limits.cpu', divisor: '1m' }, container, facts)).toBe('150');
  expect(resourceValue(pod, { resource: 'requests.memory', divisor: '1Mi' }, container, facts)).toBe('10');
  expect(resourceValue(pod, { resource: 'limits.memory', divisor: '1Gi' }, container, facts)).toBe('4');
});

describe('environment', () => {
  const input = (container: Partial<V1Container>): EnvironmentInput => ({
    pod,
    container: { name: 'c', ...container },
    sources: {
      configMap: (name) => (name === 'cm' ? { data: { k: 'v', 'file.txt': 'hello' } } : undefined),
      secret: (name) => (name === 'sec' ? { data: { password: btoa('s3cret') } } : undefined),
    },
    services: [{ metadata: { name: 'my-db', namespace: 'ns' }, spec: { clusterIP: '10.96.0.7', ports: [{ name: 'pg', port: 5432 }] } }],
    facts,
  });
  const valuesOf = (made: ReturnType<typeof environmentOf>) => Object.fromEntries(made.variables.map(({ name, value }) => [name, value]));

  test('every kind of source, later ones over earlier ones', () => {
    const made = environmentOf(
      input({
        envFrom: [{ prefix: 'CM_', configMapRef: { name: 'cm' } }, { secretRef: { name: 'none', optional: true } }],
        env: [
          { name: 'PW', valueFrom: { secretKeyRef: { name: 'sec', key: 'password' } } },
          { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'cm', key: 'none', optional: true } } },
          { name: 'CM_k', value: 'over' },
          { name: 'MIX', value: '$(PW) $(CM_k) $(MY_DB_SERVICE_HOST) $(LATER)' },
          { name: 'LATER', value: 'x' },
        ],
      }),
    );
    expect(made.problem).toBeUndefined();
    expect(valuesOf(made)).toMatchObject({
      PW: 's3cret',
      CM_k: 'over',
      'CM_file.txt': 'hello',
      MIX: 's3cret over 10.96.0.7 $(LATER)',
      MY_DB_SERVICE_HOST: '10.96.0.7',
      MY_DB_SERVICE_PORT_PG: '5432',
      MY_DB_PORT_5432_TCP: 'tcp://10.96.0.7:5432',
    });
    expect(valuesOf(made)).not.toHaveProperty('NONE');
  });

  test.each<[Partial<V1Container>, string]>([
    [{ envFrom: [{ configMapRef: { name: 'none' } }] }, 'configmap "none" not found'],
    [{ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'x' } } }] }, "couldn't find key x in ConfigMap ns/cm"],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'none', key: 'x' } } }] }, 'secret "none" not found'],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'sec', key: 'x' } } }] }, "couldn't find key x in Secret ns/sec"],
  ])('what is missing is told', (container, problem) => {
    expect(environmentOf(input(container)).problem).toBe(problem);
  });

  test('without service links only the API server is known', () => {
    const made = environmentOf({ ...input({}), pod: { ...pod, spec: { containers: [], enableServiceLinks: false } } });
    expect(made.variables).toEqual([]);
  });
});

test.each<[string, V1Container['resources'][], string]>([
  ['nothing asked', [undefined, undefined], 'BestEffort'],
  ['limits everywhere', [{ limits: { cpu: '1', memory: '1Gi' } }], 'Guaranteed'],
  ['requests like limits', [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1Gi' } }], 'Guaranteed'],
  ['one without', [{ limits: { cpu: '1', memory: '1Gi' } }, undefined], 'Burstable'],
  ['requests only', [{ requests: { cpu: '1' } }], 'Burstable'],
])('quality of service: %s', (_name, resources, expected) => {
  const containers = resources.map((list, index) => ({ name: `c${index}`, ...(list === undefined ? {} : { resources: list }) }));
  expect(qosClass({ spec: { containers } })).toBe(expected);
});

test('limits as the kernel counts them', () => {
  const container: V1Container = { name: 'c', resources: { requests: { cpu: '50m', memory: '16Mi' }, limits: { cpu: '100m', memory: '32Mi' } } };
  expect(containerResources({ spec: { containers: [container] } }, container, 16 * 1024 ** 3)).toEqual({ cpuShares: 51, cpuQuota: 10_000, memoryLimit: 33_554_432, memoryRequest: 16_777_216, oomScoreAdjust: 999 });
});

test('the container’s security context wins over the pod’s; root is refused where it may not be', () => {
  const of = (security: V1Container['securityContext'], image = '') => containerSecurity({ ...pod, spec: { containers: [], securityContext: { runAsUser: 5, fsGroup: 7, supplementalGroups: [8] } } }, { name: 'c', ...(security === undefined ? {} : { securityContext: security }) }, image);
  expect(of(undefined).security).toMatchObject({ user: '5', supplementalGroups: [7, 8] });
  expect(of({ runAsUser: 1000, runAsGroup: 1001 }).security.user).toBe('1000:1001');
  expect(of({ runAsUser: 0, runAsNonRoot: true }).problem).toMatch(/^container's runAsUser breaks non-root policy/);
  const plain = (image: string) => containerSecurity(pod, { name: 'c', securityContext: { runAsNonRoot: true } }, image).problem;
  expect(plain('')).toMatch(/^container has runAsNonRoot and image will run as root/);
  expect(plain('app')).toMatch(/^container has runAsNonRoot and image has non-numeric user \(app\)/);
  expect(plain('1000:1000')).toBeUndefined();
});

test('hosts and resolver', () => {
  const dns = { ip: '10.96.0.10', domain: 'cluster.local' };
  const rich: V1Pod = {
    ...pod,
    spec: { containers: [], hostname: 'myhost', subdomain: 'web', hostAliases: [{ ip: '10.9.9.9', hostnames: ['alias.example'] }], dnsConfig: { searches: ['extra.example'], options: [{ name: 'ndots', value: '3' }, { name: 'rotate' }] } },
  };
  expect(hostsFile(rich, '10.244.0.41', dns)).toContain('10.244.0.41\tmyhost.web.ns.svc.cluster.local\tmyhost\n\n# Entries added by HostAliases.\n10.9.9.9\talias.example\n');
  expect(resolverFile(rich, dns)).toBe('nameserver 10.96.0.10\nsearch ns.svc.cluster.local svc.cluster.local cluster.local extra.example\noptions ndots:3 rotate\n');
  expect(resolverFile({ ...pod, spec: { containers: [], hostNetwork: true } }, dns)).toBeUndefined();
  expect(resolverFile({ ...pod, spec: { containers: [], dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } } }, dns)).toBe('nameserver 1.1.1.1\n');
});
