import { describe, expect, it } from 'vitest';
import type { V1Job } from '../../api/generated/types.ts';
import { jobs, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { runPods, type RunPodsOptions } from '../testing/run-pods.ts';
import { jobController } from './controller.ts';
import { formatIndexes, parseIndexes } from './indexes.ts';
import { indexOf } from './pods.ts';

function job(spec: Partial<V1Job['spec']> = {}): V1Job {
  const labels = { 'batch.kubernetes.io/job-name': 'sum' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'sum', namespace: 'default' },
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [{ name: 'main' }] } }, ...spec },
    status: {},
  };
}

async function running(spec: Partial<V1Job['spec']>, options: RunPodsOptions) {
  const surroundings = testSurroundings();
  runPods(surroundings, options);
  runControllers([jobController], surroundings);
  await surroundings.client.resource(jobs, 'default').create(job(spec));
  const status = () => surroundings.api.objects('jobs')[0].status;
  const conditions = () => (status().conditions ?? []).map(({ type, status, reason }: { type: string; status: string; reason: string }) => `${type} ${status} ${reason}`);
  return { ...surroundings, status, conditions };
}

describe('jobs', () => {
  it('run until enough pods succeeded, counting each once', async () => {
    const { api, clock, status, conditions, recorded } = await running({ completions: 5, parallelism: 2 }, { exitCode: () => 0 });
    await clock.advance(1500);
    expect(status()).toMatchObject({ active: 2, ready: 2, startTime: '2026-01-01T00:00:00Z' });
    await clock.advance(20_000);
    expect(status()).toMatchObject({ succeeded: 5, ready: 0, terminating: 0, uncountedTerminatedPods: {}, completionTime: '2026-01-01T00:00:06Z' });
    expect(conditions()).toEqual(['SuccessCriteriaMet True CompletionsReached', 'Complete True CompletionsReached']);
    expect(api.objects('pods').map(({ metadata }) => metadata.finalizers)).toEqual([[], [], [], [], []]);
    expect(recorded.at(-1)).toBe('Normal Completed sum: Job completed');
  });

  it('replace failed pods later and later, and give up at the limit', async () => {
    const { api, clock, status, conditions } = await running({ backoffLimit: 2 }, { exitCode: () => 1 });
    await clock.advance(5000);
    expect(api.objects('pods')).toHaveLength(1);
    await clock.advance(120_000);
    expect(status()).toMatchObject({ failed: 3 });
    expect(conditions()).toEqual(['FailureTarget True BackoffLimitExceeded', 'Failed True BackoffLimitExceeded']);
    const starts = api.objects('pods').map(({ metadata }) => metadata.creationTimestamp.slice(14, 19));
    expect(starts).toEqual(['00:00', '00:12', '00:34']);
  });

  it('give each index its pod', async () => {
    const { api, clock, status } = await running({ completionMode: 'Indexed', completions: 4, parallelism: 4 }, { exitCode: (pod) => (indexOf(pod) === 2 ? undefined : 0) });
    await clock.advance(30_000);
    expect(status()).toMatchObject({ completedIndexes: '0,1,3', succeeded: 3, active: 1 });
    expect(api.objects('pods').map((pod) => [pod.metadata.labels['batch.kubernetes.io/job-completion-index'], pod.spec.hostname, pod.spec.containers[0].env[0].name])[1]).toEqual(['1', 'sum-1', 'JOB_COMPLETION_INDEX']);
  });

  it('end at their deadline, once their pods are gone', async () => {
    const { api, clock, conditions } = await running({ activeDeadlineSeconds: 30 }, {});
    await clock.advance(40_000);
    expect(conditions()).toEqual(['FailureTarget True DeadlineExceeded', 'Failed True DeadlineExceeded']);
    expect(api.objects('pods')).toEqual([]);
  });

  it('rest while suspended', async () => {
    const { api, client, clock, conditions, recorded } = await running({ suspend: true }, { exitCode: () => 0 });
    await clock.advance(5000);
    expect([api.objects('pods').length, conditions()]).toEqual([0, ['Suspended True JobSuspended']]);
    await client.resource(jobs, 'default').patch('sum', { spec: { suspend: false } }, { type: 'merge' });
    await clock.advance(5000);
    expect(conditions()).toEqual(['Suspended False JobResumed', 'SuccessCriteriaMet True CompletionsReached', 'Complete True CompletionsReached']);
    expect(recorded.filter((text) => /Suspended|Resumed/.test(text))).toEqual(['Normal Suspended sum: Job suspended', 'Normal Resumed sum: Job resumed']);
  });

  it('follow the pod failure policy', async () => {
    const rules = [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [3] } }, { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];
    let started = 0;
    const { clock, status, conditions } = await running({ podFailurePolicy: { rules } }, { exitCode: () => (started++ === 0 ? 3 : 42) });
    await clock.advance(60_000);
    expect(status()).toMatchObject({ failed: 1, conditions: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/^Container main for pod default\/sum-\w+ failed with exit code 42 matching FailJob rule at index 1$/) })]) });
    expect(conditions()).toEqual(['FailureTarget True PodFailurePolicy', 'Failed True PodFailurePolicy']);
  });

  it('let each index wait for its own failures where the limit is per index', async () => {
    const { clock, status, conditions } = await running({ completionMode: 'Indexed', completions: 4, parallelism: 1, backoffLimitPerIndex: 0, maxFailedIndexes: 1 }, { exitCode: () => 1 });
    await clock.advance(6000);
    expect(status()).toMatchObject({ failed: 2, failedIndexes: '0,1' });
    expect(conditions()).toEqual(['FailureTarget True MaxFailedIndexesExceeded', 'Failed True MaxFailedIndexesExceeded']);
  });

  it('let their pods go when they are deleted themselves', async () => {
    const { api, client, clock } = await running({}, {});
    await clock.advance(5000);
    await client.resource(jobs, 'default').delete('sum');
    await client.resource(pods, 'default').delete(api.objects('pods')[0].metadata.name);
    await clock.advance(5000);
    expect(api.objects('pods')).toEqual([]);
  });

  it('track pods that they take, and let go of those that they no longer select', async () => {
    const { api, client, clock } = await running({}, {});
    await clock.advance(5000);
    const [{ metadata }] = api.objects('pods');
    const pod = () => api.objects('pods').find(({ metadata: { name } }) => name === metadata.name).metadata;
    const patch = (change: object) => client.resource(pods, 'default').patch(metadata.name, { metadata: change }, { type: 'merge' });
    await patch({ labels: { 'batch.kubernetes.io/job-name': 'none' } });
    await clock.advance(5000);
    expect([pod().ownerReferences, pod().finalizers]).toEqual([[], []]);
    await patch({ labels: metadata.labels });
    await clock.advance(5000);
    expect([pod().ownerReferences[0].name, pod().finalizers]).toEqual(['sum', ['batch.kubernetes.io/job-tracking']]);
  });

  it('do not keep pods that were orphaned', async () => {
    const { api, client, clock } = await running({}, {});
    await clock.advance(5000);
    await client.resource(jobs, 'default').delete('sum');
    await client.resource(pods, 'default').patch(api.objects('pods')[0].metadata.name, { metadata: { ownerReferences: null } }, { type: 'merge' });
    await clock.advance(5000);
    expect(api.objects('pods')[0].metadata.finalizers).toEqual([]);
  });
});

describe('completion indexes', () => {
  it.each([
    [[], ''],
    [[0], '0'],
    [[0, 1], '0,1'],
    [[0, 1, 2, 5, 7, 8], '0-2,5,7,8'],
  ])('%j is %j', (indexes, text) => {
    expect(formatIndexes(indexes)).toBe(text);
    expect([...parseIndexes(text, 9)]).toEqual(indexes);
  });
});
