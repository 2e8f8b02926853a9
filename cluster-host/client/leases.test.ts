import { describe, expect, it } from 'vitest';
import { keepLease } from './leases.ts';
import { leases } from './resources.ts';
import { testSurroundings } from './testing/test-surroundings.ts';

describe('leases', () => {
  it('are made, renewed in time, taken up again after a conflict, and left when disposed', async () => {
    const surroundings = testSurroundings();
    const { api, clock, client } = surroundings;
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'n1' };
    const kept = keepLease(surroundings, { namespace: 'kube-node-lease', name: 'node-1', holder: 'node-1', durationSeconds: 40, owner: () => owner });
    await clock.advance(0);
    const [made] = api.objects('leases');
    expect(made).toMatchObject({ metadata: { ownerReferences: [owner] }, spec: { holderIdentity: 'node-1', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.000000Z' } });
    await client.resource(leases, 'kube-node-lease').patch('node-1', { metadata: { labels: { touched: 'yes' } } }, { type: 'merge' });
    await clock.advance(10_000);
    expect(api.objects('leases')[0]).toMatchObject({ metadata: { labels: { touched: 'yes' } }, spec: { renewTime: '2026-01-01T00:00:10.000000Z' } });
    kept.dispose();
    await clock.advance(60_000);
    expect(api.objects('leases')[0].spec.renewTime).toBe('2026-01-01T00:00:10.000000Z');
  });
});
