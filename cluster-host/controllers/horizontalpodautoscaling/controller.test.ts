import { describe, expect, it } from 'vitest';
import type { V1Pod, V2HorizontalPodAutoscaler, V2HorizontalPodAutoscalerSpec } from '../../api/generated/types.ts';
import { timestamp } from '../../api/time.ts';
import type { ApiRequest } from '../../client/client.ts';
import { horizontalPodAutoscalers, pods } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { horizontalPodAutoscalerController } from './controller.ts';

const scalePath = '/apis/apps/v1/namespaces/default/deployments/web/scale';
const targetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const cpuAt = (averageUtilization: number) => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } });

/** A deployment of pods that ask for 100m each, and use what the test says; as many as its scale says. */
async function world(spec: Partial<V2HorizontalPodAutoscalerSpec> = {}, replicas = 2) {
  const made = { replicas, use: (_index: number): string | undefined => '50m', other: (_request: ApiRequest): unknown => undefined };
  const around = testSurroundings({
    answer(request) {
      if (request.path === scalePath && request.method === 'PUT') made.replicas = (request.body as { spec: { replicas: number } }).spec.replicas;
      if (request.path === scalePath) return { kind: 'Scale', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: made.replicas }, status: { replicas: made.replicas, selector: 'app=web' } };
      if (request.path === '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods') return { items: podNames().flatMap(metricsOf) };
      return made.other(request);
    },
  });
  const { api, client, clock, recorded } = around;
  const podNames = (): string[] => api.objects('pods').map(({ metadata }) => metadata.name);
  const metricsOf = (name: string, index: number): object[] => {
    const cpu = made.use(index);
    return cpu === undefined ? [] : [{ metadata: { name, namespace: 'default' }, timestamp: timestamp(clock.now()), window: '15s', containers: [{ name: 'main', usage: { cpu, memory: '64Mi' } }] }];
  };
  const pod = (index: number): V1Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `web-${index}`, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'web', resources: { requests: { cpu: '100m', memory: '128Mi' } } }] },
    status: { phase: 'Running', startTime: timestamp(0), conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: timestamp(0) }] },
  });
  /** The deployment's controller, at once. */
  const follow = async (): Promise<void> => {
    const names = podNames();
    for (let index = names.length; index < made.replicas; index++) api.seed([pod(index)]);
    for (const name of names.slice(made.replicas)) await client.resource(pods, 'default').delete(name, { gracePeriodSeconds: 0 });
  };
  await follow();
  api.seed([{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web', namespace: 'default', uid: 'u' }, spec: { scaleTargetRef: targetRef, minReplicas: 1, maxReplicas: 10, metrics: [cpuAt(50)], ...spec } }]);
  runControllers([horizontalPodAutoscalerController], around);
  await clock.advance(0);
  const status = () => (api.objects('horizontalpodautoscalers')[0] as V2HorizontalPodAutoscaler).status;
  return {
    ...around,
    made,
    status,
    condition: (type: string): string | undefined => {
      const found = status()?.conditions?.find((each) => each.type === type);
      return found === undefined ? undefined : `${found.status} ${found.reason}: ${found.message}`;
    },
    /** So many seconds pass, with the pods following the scale. */
    pass: async (seconds: number): Promise<number> => {
      for (let passed = 0; passed < seconds; passed += 15) {
        await follow();
        await clock.advance(15_000);
      }
      return made.replicas;
    },
    recorded,
  };
}

describe('an autoscaler', () => {
  it('leaves a fleet alone that is on target, within tolerance', async () => {
    const { made, status, condition, recorded, pass } = await world();
    made.use = () => '54m';
    expect(await pass(60)).toBe(2);
    expect(status()).toMatchObject({ currentReplicas: 2, desiredReplicas: 2, currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 54, averageValue: '54m' } } }] });
    expect(condition('AbleToScale')).toBe('True ReadyForNewScale: recommended size matches current size');
    expect(condition('ScalingActive')).toBe('True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)');
    expect(condition('ScalingLimited')).toBe('False DesiredWithinRange: the desired count is within the acceptable range');
    expect(recorded).toEqual([]);
  });

  it('grows with its load, no faster than it may, and says so', async () => {
    const { made, condition, recorded, pass, status } = await world();
    made.use = () => '1';
    await pass(15);
    expect(made.replicas).toBe(4);
    expect(condition('AbleToScale')).toBe('True SucceededRescale: the HPA controller was able to update the target scale to 4');
    expect(condition('ScalingLimited')).toBe('True ScaleUpLimit: the desired replica count is increasing faster than the maximum scale rate');
    expect(await pass(45)).toBe(10);
    expect(recorded).toEqual([4, 8, 10].map((size) => `Normal SuccessfulRescale web: New size: ${size}; reason: cpu resource utilization (percentage of request) above target`));
    expect(condition('ScalingLimited')).toBe('True TooManyReplicas: the desired replica count is more than the maximum replica count');
    expect(status()?.lastScaleTime).toBeDefined();
  });

  it('shrinks only once five minutes were quiet', async () => {
    const { made, condition, recorded, pass } = await world({}, 4);
    await pass(30);
    made.use = () => '5m';
    expect(await pass(270)).toBe(4);
    expect(condition('AbleToScale')).toBe('True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation');
    expect(await pass(60)).toBe(1);
    expect(recorded).toEqual(['Normal SuccessfulRescale web: New size: 1; reason: All metrics below target']);
  });

  it('keeps to its policies', async () => {
    const rules = { stabilizationWindowSeconds: 0, selectPolicy: 'Max' };
    const { made, pass, condition } = await world({
      maxReplicas: 20,
      behavior: { scaleUp: { ...rules, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] }, scaleDown: { ...rules, selectPolicy: 'Disabled', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] } },
    });
    made.use = () => '1';
    const sizes: number[] = [];
    for (let minute = 0; minute < 3; minute++) sizes.push(await pass(60));
    expect(sizes).toEqual([3, 4, 5]);
    expect(condition('ScalingLimited')).toMatch(/^True ScaleUpLimit/);
    made.use = () => '1m';
    expect(await pass(600)).toBe(5);
    expect(condition('ScalingLimited')).toBe('True ScaleDownLimit: the desired replica count is decreasing faster than the maximum scale rate');
  });

  it('has tolerances of its own for each way', async () => {
    const rules = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] };
    const { made, pass } = await world({ behavior: { scaleUp: { ...rules, tolerance: '0.5' }, scaleDown: { ...rules, tolerance: '0.01' } } }, 4);
    made.use = () => '70m';
    expect(await pass(30)).toBe(4);
    made.use = () => '80m';
    expect(await pass(15)).toBe(7);
  });

  it('comes back into its range at once', async () => {
    const { recorded, pass } = await world({ minReplicas: 3 });
    expect(await pass(15)).toBe(3);
    expect(recorded).toEqual(['Normal SuccessfulRescale web: New size: 3; reason: Current number of replicas below Spec.MinReplicas']);
  });

  it('is switched off by a scale of zero', async () => {
    const { condition, pass } = await world({}, 0);
    expect(await pass(30)).toBe(0);
    expect(condition('ScalingActive')).toBe('False ScalingDisabled: scaling is disabled since the replica count of the target is zero');
  });

  it('tells why a metric cannot be read', async () => {
    const { made, condition, recorded, pass } = await world();
    made.use = () => undefined;
    await pass(15);
    const why = 'failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API';
    expect(condition('ScalingActive')).toBe(`False FailedGetResourceMetric: the HPA was unable to compute the replica count: ${why}`);
    expect(recorded.slice(0, 2)).toEqual([
      `Warning FailedGetResourceMetric web: ${why}`,
      `Warning FailedComputeMetricsReplicas web: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
    ]);
  });

  it('counts a pod without metrics so that it holds a change back', async () => {
    const { made, pass } = await world({}, 4);
    made.use = (index) => (index === 3 ? undefined : '100m');
    // Three pods at twice the target ask for 8; with the fourth at nothing it is 6.
    expect(await pass(15)).toBe(6);
  });

  it('follows metrics of other APIs', async () => {
    const { made, pass, status } = await world({ metrics: [{ type: 'External', external: { metric: { name: 'queue', selector: { matchLabels: { q: 'a' } } }, target: { type: 'AverageValue', averageValue: '10' } } }] });
    made.other = ({ path, query }) => (path === '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue' && query?.['labelSelector'] === 'q=a' ? { items: [{ value: '30' }, { value: '5' }] } : undefined);
    expect(await pass(15)).toBe(4);
    expect(status()?.currentMetrics?.[0]?.external?.current).toEqual({ averageValue: '17500m' });
  });

  it('says that a target is not there', async () => {
    const { condition, client, clock } = await world();
    await client.resource(horizontalPodAutoscalers, 'default').patch('web', { spec: { scaleTargetRef: { ...targetRef, kind: 'Nothing' } } }, { type: 'merge' });
    await clock.advance(15_000);
    expect(condition('AbleToScale')).toMatch(/^False FailedGetScale: the HPA controller was unable to get the target's current scale: /);
  });
});
