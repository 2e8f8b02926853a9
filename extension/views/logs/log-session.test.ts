import { describe, expect, it } from 'vitest';
import type { V1ContainerStatus, V1Pod } from '../../../cluster-host/api/generated/types.ts';
import { runsOf } from './log-session.ts';

function pod(...containerStatuses: Partial<V1ContainerStatus>[]): V1Pod {
  return { status: { containerStatuses: containerStatuses.map((status) => ({ name: 'web', image: '', imageID: '', ready: false, restartCount: 0, ...status })) } };
}

describe('runsOf', () => {
  it('leaves out what has not started', () => {
    expect(runsOf(pod({ state: { waiting: { reason: 'ContainerCreating' } } }), false)).toEqual([]);
  });

  it('tells a run from the next', () => {
    const first = runsOf(pod({ state: { running: {} }, containerID: 'docker://a' }), false);
    const second = runsOf(pod({ state: { running: {} }, containerID: 'docker://b', restartCount: 1 }), false);
    expect(first[0]?.run).not.toBe(second[0]?.run);
  });

  it('gives the previous run only where there is one', () => {
    expect(runsOf(pod({ state: { running: {} } }), true)).toEqual([]);
    expect(runsOf(pod({ lastState: { terminated: { exitCode: 1, containerID: 'docker://a' } } }), true)).toEqual([{ container: 'web', run: 'docker://a' }]);
  });
});
