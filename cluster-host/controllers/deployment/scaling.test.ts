import { describe, expect, it } from 'vitest';
import type { V1Deployment, V1ReplicaSet } from '../../api/generated/types.ts';
import { desiredReplicasAnnotation, maxReplicasAnnotation } from './replica-sets.ts';
import { planResize, planRollingStep } from './scaling.ts';

const deployment = (replicas: number, maxSurge: number | string = 1, maxUnavailable: number | string = 0): V1Deployment => ({
  spec: { replicas, selector: {}, template: {}, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } },
});
const set = (name: string, replicas: number, available = replicas, desired?: number): V1ReplicaSet => ({
  metadata: { name, creationTimestamp: name, annotations: desired === undefined ? {} : { [desiredReplicasAnnotation]: String(desired), [maxReplicasAnnotation]: String(desired + 2) } },
  spec: { replicas, selector: {} },
  status: { replicas, availableReplicas: available },
});
const told = (scales: readonly { replicaSet: V1ReplicaSet; to: number }[]) => scales.map(({ replicaSet, to }) => `${replicaSet.metadata?.name}:${to}`);

describe('rolling steps', () => {
  const cases: readonly [string, V1Deployment, V1ReplicaSet, V1ReplicaSet[], string[]][] = [
    ['grow within the surge', deployment(4, 1, 0), set('new', 0), [set('old', 4)], ['new:1']],
    ['grow by the whole surge', deployment(4, '50%', 0), set('new', 0), [set('old', 4)], ['new:2']],
    ['wait while nothing is available', deployment(4, 1, 0), set('new', 1, 0), [set('old', 4)], []],
    ['shrink what became superfluous', deployment(4, 1, 0), set('new', 1), [set('old', 4)], ['old:3']],
    ['shrink within the unavailability', deployment(4, 0, 1), set('new', 0), [set('old', 4)], ['old:3']],
    ['leave old pods alone while too few work', deployment(4, 1, 1), set('new', 2, 0), [set('old', 3, 1)], []],
    ['drop broken old pods of a stuck update', deployment(4, 0, 2), set('new', 0), [set('old', 4, 2)], ['old:2']],
    ['wait for pods that are still going', deployment(4, 1, 0), set('new', 1), [{ ...set('old', 3, 3), status: { replicas: 4, availableReplicas: 4 } }], []],
    ['shrink a set that is too large', deployment(2, 1, 0), set('new', 3), [], ['new:2']],
    ['rest when done', deployment(4), set('new', 4), [set('old', 0)], []],
  ];
  it.each(cases)('%s', (_, deployment, fresh, old, expected) => {
    expect(told(planRollingStep(deployment, fresh, old))).toEqual(expected);
  });
});

describe('a change of size', () => {
  const cases: readonly [string, V1Deployment, V1ReplicaSet | undefined, V1ReplicaSet[], string[]][] = [
    ['goes to the only live set', deployment(5), set('new', 3), [set('old', 0)], ['new:5']],
    ['goes to the newest old set where there is no new one', deployment(5), undefined, [set('a', 0), set('b', 0)], ['b:5']],
    ['empties old sets once the new one is full', deployment(3), set('new', 3, 3, 3), [set('old', 1)], ['old:0']],
    ['is shared out in proportion', deployment(20, 2, 2), set('new', 4, 4, 10), [set('old', 8, 8, 10)], ['old:15', 'new:7']],
    ['shrinks in proportion', deployment(5, 2, 2), set('new', 4, 4, 10), [set('old', 8, 8, 10)], ['old:5', 'new:2']],
    ['goes down to nothing', deployment(0, 2, 2), set('new', 4, 4, 10), [set('old', 8, 8, 10)], ['old:0', 'new:0']],
  ];
  it.each(cases)('%s', (_, deployment, fresh, old, expected) => {
    expect(told(planResize(deployment, fresh, old))).toEqual(expected);
  });
});
