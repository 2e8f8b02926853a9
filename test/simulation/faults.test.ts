/**
 * Lost requests and answers, late and dropped watches, restarts of the whole control plane: whatever happens, no rule is broken
 * on the way and the wanted state is reached in the end. Each failure names its seed.
 */
import { describe, expect, it } from 'vitest';
import type { V1Deployment, V1Pod } from '../../cluster-host/api/generated/types.ts';
import { deployments, jobs, pods, replicaSets, statefulSets } from '../../cluster-host/client/resources.ts';
import { Simulation } from './control-plane.ts';

const faults = { lost: 0.05, unanswered: 0.05, slow: 0.1, droppedWatch: 0.03, lateEvent: 0.1 };
const seeds = Array.from({ length: 6 }, (_, index) => index + 1);
const template = (image: string) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } });

const isActive = ({ metadata, status }: V1Pod): boolean => metadata?.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
const isReady = (pod: V1Pod): boolean => isActive(pod) && pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

/** Watches the truth, without faults: how many pods there ever were at once, and how few ready ones. */
async function extremes(simulation: Simulation): Promise<{ most: number; fewest: number }> {
  const informer = simulation.user.informers.informer(pods, { namespace: 'default' });
  await informer.synced();
  const seen = { most: 0, fewest: Number.POSITIVE_INFINITY };
  const look = (): void => {
    const all = informer.lister.list();
    seen.most = Math.max(seen.most, all.filter(isActive).length);
    seen.fewest = Math.min(seen.fewest, all.filter(isReady).length);
  };
  informer.onChange({ added: look, updated: look, deleted: look });
  return seen;
}

/** Five minutes of trouble with two restarts, then ten without. */
async function trouble(simulation: Simulation): Promise<void> {
  await simulation.advance(100_000);
  simulation.restartControlPlane();
  await simulation.advance(100_000);
  simulation.restartControlPlane();
  await simulation.advance(100_000);
  simulation.faults.active = false;
  await simulation.advance(600_000);
}

describe.each(seeds)('under faults, seed %i', (seed) => {
  it('a deployment gets its pods, never more than asked for', async () => {
    const simulation = await Simulation.start({ seed, faults });
    const deployment: V1Deployment = { metadata: { name: 'web' }, spec: { replicas: 6, selector: { matchLabels: { app: 'web' } }, template: template('web:1') } };
    await simulation.user.client.resource(deployments, 'default').create(deployment);
    const seen = await extremes(simulation);
    await trouble(simulation);
    const { items } = await simulation.user.client.resource(pods, 'default').list();
    const { status } = await simulation.user.client.resource(deployments, 'default').get('web');
    simulation.dispose();
    // An answer that is lost, or a restart, may hide a pod that was made until it is seen: one a batch under way, no more.
    expect(seen.most).toBeLessThanOrEqual(6 + 6);
    expect(items.filter(isReady)).toHaveLength(6);
    expect(status).toMatchObject({ replicas: 6, readyReplicas: 6, availableReplicas: 6, updatedReplicas: 6 });
  });

  it('a rolling update keeps to its limits', async () => {
    const simulation = await Simulation.start({ seed, faults: { ...faults, unanswered: 0 } });
    simulation.faults.active = false;
    const rollingUpdate = { maxSurge: 2, maxUnavailable: 1 } as never;
    const deployment: V1Deployment = { metadata: { name: 'web' }, spec: { replicas: 6, strategy: { rollingUpdate }, selector: { matchLabels: { app: 'web' } }, template: template('web:1') } };
    const client = simulation.user.client.resource(deployments, 'default');
    await client.create(deployment);
    await simulation.advance(30_000);
    const seen = await extremes(simulation);
    simulation.faults.active = true;
    await client.patch('web', { spec: { template: template('web:2') } }, { type: 'merge' });
    await simulation.advance(300_000);
    simulation.faults.active = false;
    await simulation.advance(600_000);
    const { items } = await simulation.user.client.resource(replicaSets, 'default').list();
    simulation.dispose();
    expect(seen.most).toBeLessThanOrEqual(8);
    expect(seen.fewest).toBeGreaterThanOrEqual(5);
    expect(items.map(({ spec }) => spec?.replicas).toSorted((a = 0, b = 0) => a - b)).toEqual([0, 6]);
  });

  it('a stateful set never has two pods of one name, a job counts each pod once', async () => {
    const run = (pod: V1Pod) => (pod.metadata?.labels?.['job-name'] === undefined ? undefined : { duration: 2000, exitCode: 0 });
    const simulation = await Simulation.start({ seed, faults, pods: { run } });
    const { client } = simulation.user;
    await client.resource(statefulSets, 'default').create({ metadata: { name: 'db' }, spec: { replicas: 3, serviceName: 'db', selector: { matchLabels: { app: 'web' } }, template: template('db:1') } });
    await client.resource(jobs, 'default').create({ metadata: { name: 'sum' }, spec: { completions: 8, parallelism: 3, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'sum', image: 'sum' }] } } } });
    await trouble(simulation);
    const { items } = await client.resource(pods, 'default').list({ labelSelector: 'app=web' });
    const { status } = await client.resource(jobs, 'default').get('sum');
    const { items: workers } = await client.resource(pods, 'default').list({ labelSelector: 'job-name=sum' });
    simulation.dispose();
    expect(new Set(items.filter(isReady).map(({ metadata }) => metadata?.name))).toEqual(new Set(['db-0', 'db-1', 'db-2']));
    expect(status?.conditions?.map(({ type }) => type)).toEqual(['SuccessCriteriaMet', 'Complete']);
    expect(status?.succeeded).toBe(workers.filter(({ status }) => status?.phase === 'Succeeded').length);
    expect(workers.flatMap(({ metadata }) => metadata?.finalizers ?? [])).toEqual([]);
  });
});
