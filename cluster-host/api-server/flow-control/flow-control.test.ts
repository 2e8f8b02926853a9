import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../platform/simulated/clock.ts';
import type { UserInfo } from '../server.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { Seats } from './seats.ts';

describe('requests', () => {
  let it: TestServer;
  beforeEach(async () => {
    it = await createTestServer();
  });

  const path = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const user = (name: string, ...groups: string[]): UserInfo => ({ name, groups: [...groups, 'system:authenticated'] });
  const uidOf = async (plural: string, name: string): Promise<string> => (await it.call('GET', `${path}/${plural}/${name}`)).body.metadata.uid;

  test.each([
    [user('admin', 'system:masters'), '/api/v1/pods', 'exempt', 'exempt'],
    [user('bob'), '/healthz', 'probes', 'exempt'],
    [user('bob'), '/api/v1/pods', 'global-default', 'global-default'],
    [user('system:kube-scheduler'), '/api/v1/pods', 'kube-scheduler', 'workload-high'],
    [user('system:node:n', 'system:nodes'), '/api/v1/nodes/n', 'system-node-high', 'node-high'],
    [user('system:node:n', 'system:nodes'), '/api/v1/services', 'system-nodes', 'system'],
    [user('system:serviceaccount:kube-system:x', 'system:serviceaccounts'), '/api/v1/pods', 'kube-system-service-accounts', 'workload-high'],
    [user('system:serviceaccount:a:x', 'system:serviceaccounts'), '/api/v1/pods', 'service-accounts', 'workload-low'],
    [user('system:kube-controller-manager'), '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/l', 'system-leader-election', 'leader-election'],
  ])('%j, %s: %s at %s', async (asking, where, schema, level) => {
    const { headers } = await it.call('GET', where, undefined, { user: asking });
    expect([headers['x-kubernetes-pf-flowschema-uid'], headers['x-kubernetes-pf-prioritylevel-uid']]).toEqual([await uidOf('flowschemas', schema), await uidOf('prioritylevelconfigurations', level)]);
  });

  test('are sent away where there is no seat', async () => {
    await it.create(`${path}/prioritylevelconfigurations`, { metadata: { name: 'none' }, spec: { type: 'Limited', limited: { nominalConcurrencyShares: 0, limitResponse: { type: 'Reject' } } } });
    await it.create(`${path}/flowschemas`, {
      metadata: { name: 'eve' },
      spec: {
        matchingPrecedence: 5,
        priorityLevelConfiguration: { name: 'none' },
        rules: [{ subjects: [{ kind: 'User', user: { name: 'eve' } }], resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }] }],
      },
    });
    const { status, headers, body } = await it.call('GET', '/api/v1/pods', undefined, { user: user('eve') });
    expect([status, headers['retry-after'], body]).toEqual([429, '1', 'Too many requests, please try again later.\n']);
    expect((await it.call('GET', '/api', undefined, { user: user('eve') })).status).toBe(200);
    const danglingOf = async (): Promise<unknown> => (await it.call('GET', `${path}/flowschemas/eve`)).body.status?.conditions?.[0];
    await expect.poll(danglingOf).toMatchObject({ type: 'Dangling', status: 'False', reason: 'Found', message: 'This FlowSchema references the PriorityLevelConfiguration object named "none" and it exists' });
    await it.call('DELETE', `${path}/prioritylevelconfigurations/none`);
    await expect.poll(danglingOf).toMatchObject({ type: 'Dangling', status: 'True', reason: 'NotFound', message: 'This FlowSchema references the PriorityLevelConfiguration object named "none" but there is no such object' });
  });
});

describe('seats', () => {
  const limits = { seats: 1, waiting: 2 };
  const order: string[] = [];
  beforeEach(() => void order.splice(0));
  const take = async (seats: Seats, flow: string, name: string): Promise<(() => void) | undefined> => {
    const seat = await seats.take(flow);
    order.push(seat === undefined ? `${name} went` : name);
    return seat === undefined ? undefined : () => seat.dispose();
  };

  test('flows have their turns', async () => {
    const seats = new Seats(new VirtualClock(), limits);
    const first = await take(seats, 'a', 'a1');
    const others = [take(seats, 'a', 'a2'), take(seats, 'a', 'a3'), take(seats, 'b', 'b1')];
    expect(seats.take('a')).toBeUndefined();
    first?.();
    (await others[0])?.();
    (await others[2])?.();
    (await others[1])?.();
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  test('nobody waits for ever, and more seats are taken at once', async () => {
    const clock = new VirtualClock();
    const seats = new Seats(clock, limits);
    await take(seats, 'a', 'a1');
    const [waiting, later] = [take(seats, 'a', 'a2'), take(seats, 'b', 'b1')];
    seats.limit({ seats: 2, waiting: 2 });
    await waiting;
    await clock.advance(15_000);
    await later;
    expect(order).toEqual(['a1', 'a2', 'b1 went']);
  });
});
