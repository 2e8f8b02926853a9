import { describe, expect, it } from 'vitest';
import type { V1ContainerStatus, V1Pod } from '../../cluster-host/api/generated/types.ts';
import { podState } from './pod-state.ts';

function pod(status: V1Pod['status'], metadata: V1Pod['metadata'] = {}): V1Pod {
  return { metadata, spec: { containers: [{ name: 'web' }] }, status };
}

function container(state: V1ContainerStatus['state'], more: Partial<V1ContainerStatus> = {}): V1ContainerStatus {
  return { name: 'web', image: '', imageID: '', ready: false, restartCount: 0, state, ...more };
}

const ready = [{ type: 'Ready', status: 'True' }];

describe('podState', () => {
  it.each<[string, V1Pod, string, string]>([
    ['new', pod({ phase: 'Pending' }), 'pending', 'Pending'],
    ['creating', pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] }), 'starting', 'ContainerCreating'],
    ['no image', pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff' } })] }), 'failing', 'ImagePullBackOff'],
    ['crashing', pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }), 'failing', 'CrashLoopBackOff'],
    ['running', pod({ phase: 'Running', conditions: ready, containerStatuses: [container({ running: {} }, { ready: true })] }), 'running', 'Running'],
    ['not ready', pod({ phase: 'Running', containerStatuses: [container({ running: {} })] }), 'notReady', 'Running'],
    ['done', pod({ phase: 'Succeeded', containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })] }), 'completed', 'Completed'],
    ['failed', pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] }), 'failed', 'ExitCode:3'],
    ['evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'failed', 'Evicted'],
    ['terminating', pod({ phase: 'Running', containerStatuses: [container({ running: {} })] }, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'terminating', 'Terminating'],
  ])('%s', (_name, object, condition, status) => expect(podState(object)).toMatchObject({ condition, status }));

  it('counts init containers', () => {
    const object: V1Pod = {
      spec: { containers: [{ name: 'web' }], initContainers: [{ name: 'a' }, { name: 'b' }] },
      status: { phase: 'Pending', initContainerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } }), container({ running: {} })] },
    };
    expect(podState(object)).toMatchObject({ condition: 'starting', status: 'Init:1/2', ready: 0, containers: 1 });
  });

  it('says why', () => {
    const waiting = container({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } }, { restartCount: 4, lastState: { terminated: { exitCode: 1 } } });
    expect(podState(pod({ phase: 'Running', containerStatuses: [waiting] }))).toMatchObject({ restarts: 4, message: 'web: back-off 10s, last exit code 1' });
    const unschedulable = pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] });
    expect(podState(unschedulable).message).toBe('0/1 nodes are available');
  });
});
