import { describe, expect, it } from 'vitest';
import type { V1Deployment, V1Pod, V1ReplicaSet } from '../../api/generated/types.ts';
import { deployments, pods, replicaSets } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { replicaSetController } from '../replicaset/controller.ts';
import { isActive, isReady } from '../common/pods.ts';
import { runPods, type RunPodsOptions } from '../testing/run-pods.ts';
import { deploymentController } from './controller.ts';

function deployment(spec: Partial<V1Deployment['spec']> = {}): V1Deployment {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 4, selector: { matchLabels: { app: 'web' } }, template, progressDeadlineSeconds: 600, revisionHistoryLimit: 10, ...spec },
  };
}

function running(options?: RunPodsOptions) {
  const surroundings = testSurroundings();
  runPods(surroundings, options);
  runControllers([deploymentController, replicaSetController], surroundings);
  const patch = (patch: unknown) => surroundings.client.resource(deployments, 'default').patch('web', patch, { type: 'merge' });
  const image = (image: string) => patch({ spec: { template: { spec: { containers: [{ name: 'web', image }] } } } });
  const sizes = () => surroundings.api.objects('replicasets').map(({ spec }) => `${spec.template.spec.containers[0].image} ${spec.replicas}`);
  const condition = (type: string) => {
    const found = surroundings.api.objects('deployments')[0].status?.conditions?.find((condition: { type: string }) => condition.type === type);
    return found === undefined ? undefined : `${found.status} ${found.reason}`;
  };
  return { ...surroundings, patch, image, sizes, condition };
}

describe('deployments with their replica sets', () => {
  it('roll out', async () => {
    const { api, client, clock, recorded, condition } = running();
    await client.resource(deployments, 'default').create(deployment());
    await clock.advance(5000);
    const [replicaSet] = api.objects('replicasets');
    expect(replicaSet.metadata).toMatchObject({
      name: expect.stringMatching(/^web-[b-z2-9]{8,10}$/),
      annotations: { 'deployment.kubernetes.io/revision': '1', 'deployment.kubernetes.io/desired-replicas': '4', 'deployment.kubernetes.io/max-replicas': '5' },
    });
    expect(api.objects('deployments')[0]).toMatchObject({
      metadata: { annotations: { 'deployment.kubernetes.io/revision': '1' } },
      status: { observedGeneration: 1, replicas: 4, updatedReplicas: 4, readyReplicas: 4, availableReplicas: 4 },
    });
    expect([condition('Available'), condition('Progressing')]).toEqual(['True MinimumReplicasAvailable', 'True NewReplicaSetAvailable']);
    expect(recorded).toContain(`Normal ScalingReplicaSet web: Scaled up replica set ${replicaSet.metadata.name} from 0 to 4`);
    expect(recorded.filter((text) => text.startsWith('Normal SuccessfulCreate'))).toHaveLength(4);
  });

  it('roll over within maxSurge and maxUnavailable', async () => {
    const { api, client, clock, informers, image, sizes } = running();
    await client.resource(deployments, 'default').create(deployment({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } }));
    await clock.advance(5000);
    let most = 0;
    let fewest = 99;
    const look = (): void => {
      const all: V1Pod[] = api.objects('pods').filter(isActive);
      most = Math.max(most, all.length);
      fewest = Math.min(fewest, all.filter(isReady).length);
    };
    informers.informer(pods).onChange({ added: look, updated: look, deleted: look });
    await image('web:2');
    await clock.advance(30_000);
    expect(sizes()).toEqual(['web:1 0', 'web:2 4']);
    expect(most).toBe(5);
    expect(fewest).toBe(3);
    expect(api.objects('deployments')[0].metadata.annotations['deployment.kubernetes.io/revision']).toBe('2');
  });

  it('go back to an earlier template by taking its replica set up again', async () => {
    const { api, client, clock, image, sizes } = running();
    await client.resource(deployments, 'default').create(deployment());
    await clock.advance(5000);
    await image('web:2');
    await clock.advance(30_000);
    await image('web:1');
    await clock.advance(30_000);
    expect(sizes()).toEqual(['web:1 4', 'web:2 0']);
    expect(api.objects('replicasets')[0].metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1' });
  });

  it('count on from a revision of any size', async () => {
    const { api, client, clock } = running();
    const { template, selector } = deployment().spec ?? {};
    const replicaSet = { metadata: { name: 'web-old', labels: { app: 'web' }, annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' } }, spec: { replicas: 1, selector, template: { ...template, spec: { containers: [{ name: 'web', image: 'web:0' }] } } } };
    await client.resource(replicaSets, 'default').create({ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...replicaSet } as V1ReplicaSet);
    await client.resource(deployments, 'default').create(deployment());
    await clock.advance(5000);
    expect(api.objects('deployments')[0].metadata.annotations['deployment.kubernetes.io/revision']).toBe('3546343826724305833');
  });

  it('recreate: no new pod before the last old one is gone', async () => {
    const { api, client, clock, informers, image, sizes } = running();
    await client.resource(deployments, 'default').create(deployment({ strategy: { type: 'Recreate' } }));
    await clock.advance(5000);
    let mixed = false;
    informers.informer(pods).onChange({ added: () => (mixed ||= new Set(api.objects('pods').map(({ spec }) => spec.containers[0].image)).size > 1) });
    await image('web:2');
    await clock.advance(30_000);
    expect(sizes()).toEqual(['web:1 0', 'web:2 4']);
    expect(mixed).toBe(false);
  });

  it('scale, and hold still while paused', async () => {
    const { client, clock, image, patch, sizes, condition } = running();
    await client.resource(deployments, 'default').create(deployment());
    await clock.advance(5000);
    await patch({ spec: { paused: true } });
    await image('web:2');
    await patch({ spec: { replicas: 2 } });
    await clock.advance(5000);
    expect(sizes()).toEqual(['web:1 2']);
    expect(condition('Progressing')).toBe('Unknown DeploymentPaused');
    await patch({ spec: { paused: false } });
    await clock.advance(30_000);
    expect(sizes()).toEqual(['web:1 0', 'web:2 2']);
    expect(condition('Progressing')).toBe('True NewReplicaSetAvailable');
  });

  it('say when a rollout is stuck', async () => {
    const { client, clock, condition } = running({ startup: () => -1 });
    await client.resource(deployments, 'default').create(deployment({ progressDeadlineSeconds: 60 }));
    await clock.advance(55_000);
    expect(condition('Progressing')).toBe('True ReplicaSetUpdated');
    await clock.advance(10_000);
    expect([condition('Available'), condition('Progressing')]).toEqual(['False MinimumReplicasUnavailable', 'False ProgressDeadlineExceeded']);
  });

  it('keep no more history than asked for', async () => {
    const { client, clock, image, sizes } = running();
    await client.resource(deployments, 'default').create(deployment({ revisionHistoryLimit: 1 }));
    for (const version of ['web:2', 'web:3', 'web:4']) {
      await clock.advance(30_000);
      await image(version);
    }
    await clock.advance(30_000);
    expect(sizes()).toEqual(['web:3 0', 'web:4 4']);
  });

  it('take orphans for their own, and leave pods that lost the label', async () => {
    const { api, client, clock } = running();
    await client.resource(deployments, 'default').create(deployment());
    await clock.advance(5000);
    const name = api.objects('pods')[0].metadata.name;
    await client.resource(pods, 'default').patch(name, { metadata: { labels: { app: 'other' } } }, { type: 'merge' });
    await clock.advance(5000);
    expect(api.objects('pods')).toHaveLength(5);
    expect(api.objects('pods').find(({ metadata }) => metadata.name === name).metadata.ownerReferences).toEqual([]);
    const [replicaSet] = await client.resource(replicaSets, 'default').list().then(({ items }) => items);
    await client.resource(pods, 'default').patch(name, { metadata: { labels: { app: 'web', ...replicaSet?.spec?.selector.matchLabels } } }, { type: 'merge' });
    await clock.advance(5000);
    expect(api.objects('pods')).toHaveLength(4);
  });
});
