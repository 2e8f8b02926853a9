import { describe, expect, it } from 'vitest';
import type { VirtualClock } from '../platform/simulated/clock.ts';
import { ApiEventRecorder } from './event-recorder.ts';
import { testSurroundings } from './testing/test-surroundings.ts';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '7' } };

async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20 && !condition(); turn++) await clock.settle();
}

function recorder() {
  const surroundings = testSurroundings();
  return { ...surroundings, events: new ApiEventRecorder(surroundings, { component: 'kubelet', host: 'node-1' }) };
}

describe('the event recorder', () => {
  it('makes an event about an object', async () => {
    const { api, clock, events } = recorder();
    events.event(pod, 'Warning', 'BackOff', 'Back-off restarting failed container', { fieldPath: 'spec.containers{web}' });
    await clock.settle();
    expect(api.objects('events')).toEqual([
      expect.objectContaining({
        involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '7', fieldPath: 'spec.containers{web}' },
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
        source: { component: 'kubelet', host: 'node-1' },
        reportingComponent: 'kubelet',
        reportingInstance: 'node-1',
        count: 1,
        firstTimestamp: '2026-01-01T00:00:00Z',
      }),
    ]);
    expect(api.objects('events')[0].metadata.name).toMatch(/^web\.[0-9a-f]+$/);
  });

  it('counts repeats, and makes the event anew when it is gone', async () => {
    const { api, clock, client, events } = recorder();
    for (let repeat = 0; repeat < 3; repeat++) {
      events.event(pod, 'Normal', 'Pulled', 'again');
      await clock.advance(60_000);
    }
    const [only] = api.objects('events');
    expect(api.objects('events')).toHaveLength(1);
    expect(only).toMatchObject({ count: 3, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:02:00Z' });
    await client.request({ method: 'DELETE', path: `/api/v1/namespaces/shop/events/${only.metadata.name}` });
    events.event(pod, 'Normal', 'Pulled', 'again');
    await clock.settle();
    expect(api.objects('events')[0].count).toBe(4);
  });

  it('counts repeats that come before the first is written', async () => {
    const { api, clock, events } = recorder();
    for (let repeat = 0; repeat < 5; repeat++) events.event(pod, 'Normal', 'Pulled', 'again');
    await clock.settle();
    expect(api.objects('events').map(({ count }) => count)).toEqual([5]);
  });

  it('combines many similar events, and holds to a budget an object', async () => {
    const { api, clock, events } = recorder();
    for (let number = 1; number <= 30; number++) events.event(pod, 'Warning', 'Failed', `attempt ${number}`);
    await until(clock, () => api.objects('events').at(-1)?.count === 16);
    const written = api.objects('events');
    expect(written).toHaveLength(10);
    expect(written.at(-1)).toMatchObject({ message: '(combined from similar events): attempt 25', count: 16 });
  });
});
