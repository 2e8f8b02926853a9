import { describe, expect, it } from 'vitest';
import { readinessOf } from './ready.ts';

const conditions = (type: string, status: string, reason = '', message = '') => [{ type, status, reason, message }];

describe('readinessOf', () => {
  it.each<[string, string, object, string, string]>([
    ['a Deployment that nobody saw', 'Deployment', { spec: { replicas: 1 } }, 'waiting', 'the change is not seen yet'],
    ['one that was changed since', 'Deployment', { metadata: { generation: 2 }, spec: {}, status: { observedGeneration: 1 } }, 'waiting', 'the change is not seen yet'],
    ['one on its way', 'Deployment', { spec: { replicas: 3 }, status: { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 1 } }, 'waiting', '1 of 3 ready'],
    ['one with old pods', 'Deployment', { spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 2, updatedReplicas: 1, availableReplicas: 1 } }, 'waiting', '1 old pods still run'],
    ['one that is done', 'Deployment', { spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 } }, 'ready', ''],
    ['one that is late', 'Deployment', { spec: {}, status: { conditions: conditions('Progressing', 'False', 'ProgressDeadlineExceeded', 'late') } }, 'failed', 'late'],
    ['a StatefulSet with a partition', 'StatefulSet', { spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } }, status: { updateRevision: 'b', updatedReplicas: 1, readyReplicas: 3 } }, 'ready', ''],
    ['a pod', 'Pod', { status: { phase: 'Pending' } }, 'waiting', 'Pending'],
    ['a pod that ended well', 'Pod', { status: { phase: 'Succeeded' } }, 'ready', ''],
    ['a Job that failed', 'Job', { status: { conditions: conditions('Failed', 'True', 'BackoffLimitExceeded', 'too often') } }, 'failed', 'too often'],
    ['a ConfigMap', 'ConfigMap', {}, 'ready', ''],
    ['a custom resource that says it is not', 'Certificate', { status: { conditions: conditions('Ready', 'False', 'Pending', 'issuing') } }, 'waiting', 'issuing'],
  ])('%s', (_title, kind, object, state, says) => expect(readinessOf(kind, object)).toEqual({ state, says }));
});
