import { describe, expect, test } from 'vitest';
import { services } from '../client/resources.ts';
import { testSurroundings } from '../client/testing/test-surroundings.ts';
import type { ProxyBackend } from './backend.ts';
import { createProxy } from './proxy.ts';
import type { Rules } from './rules.ts';
import { service, slice } from './testing/objects.ts';

function setUp(fail: () => boolean = () => false) {
  const surroundings = testSurroundings();
  const applied: Rules[] = [];
  const calls: string[] = [];
  const backend: ProxyBackend = {
    start: async () => void calls.push('start'),
    async apply(rules) {
      if (fail()) throw new Error('no');
      applied.push(rules);
    },
    stop: async () => void calls.push('stop'),
    remove: async () => void calls.push('remove'),
  };
  const web = { apiVersion: 'v1', kind: 'Service', ...service('web', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] }) };
  surroundings.api.seed([web, { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', ...slice('web', [{ port: 8080 }], [{ ip: '10.244.1.5' }]) }]);
  const proxy = createProxy({ platform: surroundings, informers: surroundings.informers, backend });
  return { ...surroundings, proxy, applied, calls, web };
}

async function started(fail?: () => boolean) {
  const made = setUp(fail);
  const starting = made.proxy.start();
  await made.clock.advance(100);
  await starting;
  await made.clock.advance(100);
  return made;
}

describe('the service proxy', () => {
  test('brings what is there in force, then each change', async () => {
    const { proxy, applied, client, clock, web } = await started();
    await proxy.synced();
    expect(applied).toHaveLength(1);
    expect(applied[0]?.balancers).toMatchObject([{ name: 'default/web/tcp/80', endpoints: [{ ip: '10.244.1.5', port: 8080 }] }]);
    for (const name of ['a', 'b', 'c']) await client.resource(services, 'default').create({ ...web, metadata: { name, namespace: 'default' }, spec: { ...web.spec, clusterIPs: [`10.96.0.${name.charCodeAt(0)}`] } });
    await clock.advance(100);
    expect(applied.at(-1)?.frontends).toHaveLength(4);
    await client.resource(services, 'default').delete('web');
    await clock.advance(100);
    expect(applied.at(-1)?.frontends).toHaveLength(3);
  });

  test('tries again after a failure', async () => {
    let failures = 2;
    const { applied, clock, lines } = await started(() => failures-- > 0);
    await clock.advance(1000);
    expect(applied).toHaveLength(1);
    expect(lines.filter(({ message }) => message.includes('could not be brought in force'))).toHaveLength(2);
  });

  test('does nothing more once stopped', async () => {
    const { proxy, applied, calls, client, clock } = await started();
    await proxy.stop();
    await client.resource(services, 'default').delete('web');
    await clock.advance(1000);
    expect(applied).toHaveLength(1);
    expect(calls).toEqual(['start']);
  });
});
