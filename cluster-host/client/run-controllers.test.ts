import { describe, expect, it } from 'vitest';
import { ApiError } from './client.ts';
import type { ControllerDefinition, Reconciler } from './controller.ts';
import { configMaps, secrets } from './resources.ts';
import { runControllers } from './run-controllers.ts';
import { testSurroundings } from './testing/test-surroundings.ts';

function controller(reconcile: Reconciler['reconcile'], more: Partial<ControllerDefinition> = {}): ControllerDefinition {
  return { name: 'test', watches: [{ resource: configMaps }], start: () => ({ reconcile }), ...more };
}

const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'default' } });

describe('the controller runtime', () => {
  it('reconciles what is there and what changes, by key', async () => {
    const surroundings = testSurroundings();
    surroundings.api.seed([object('ConfigMap', 'a'), object('Secret', 's')]);
    const keys: string[] = [];
    const watches = [{ resource: configMaps }, { resource: secrets, keys: () => ['default/from-secret'] }];
    const running = runControllers([controller(async (key) => void keys.push(key), { watches })], surroundings);
    await surroundings.clock.advance(10);
    expect(keys.toSorted()).toEqual(['default/a', 'default/from-secret']);
    await surroundings.client.resource(configMaps, 'default').delete('a');
    await surroundings.clock.advance(10);
    expect(keys.at(-1)).toBe('default/a');
    running.dispose();
    await surroundings.client.resource(configMaps, 'default').create(object('ConfigMap', 'b'));
    await surroundings.clock.advance(10);
    expect(keys).toHaveLength(3);
  });

  it('tries a failing key again, later and later, and others meanwhile', async () => {
    const surroundings = testSurroundings();
    surroundings.api.seed([object('ConfigMap', 'bad'), object('ConfigMap', 'good')]);
    const times: number[] = [];
    const start = surroundings.clock.now();
    const reconcile = async (key: string): Promise<void> => {
      if (key !== 'default/bad') return;
      times.push(surroundings.clock.now() - start);
      throw times.length < 3 ? new ApiError({ code: 409, reason: 'Conflict' }) : new Error('broken');
    };
    runControllers([controller(reconcile)], surroundings);
    await surroundings.clock.advance(100);
    expect(times).toEqual([0, 5, 15, 35, 75]);
    expect(surroundings.lines.filter(({ level }) => level === 'warn')).toHaveLength(3);
  });

  it('never works on a key twice at once, and comes back when asked to', async () => {
    const surroundings = testSurroundings();
    surroundings.api.seed([object('ConfigMap', 'a')]);
    let running = 0;
    let most = 0;
    let calls = 0;
    const reconcile = async (): Promise<{ after: number }> => {
      most = Math.max(most, ++running);
      calls += 1;
      await surroundings.clock.sleep(30);
      running -= 1;
      return { after: 1000 };
    };
    runControllers([controller(reconcile)], surroundings);
    await surroundings.clock.advance(10);
    await surroundings.client.resource(configMaps, 'default').patch('a', { data: { v: '1' } }, { type: 'merge' });
    await surroundings.clock.advance(100);
    expect({ most, calls }).toEqual({ most: 1, calls: 2 });
    await surroundings.clock.advance(1000);
    expect(calls).toBe(3);
  });

  it('refuses two controllers of one name', () => {
    const one = controller(async () => {});
    expect(() => runControllers([one, one], testSurroundings())).toThrow('same name');
  });
});
