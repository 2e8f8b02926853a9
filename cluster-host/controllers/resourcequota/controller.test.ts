import { expect, test } from 'vitest';
import { pods, resourceQuotas } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { resourceQuotaController } from './controller.ts';

test('a quota tells what its namespace takes, of those that it is about', async () => {
  const surroundings = testSurroundings();
  const { client, clock, api } = surroundings;
  runControllers([resourceQuotaController], surroundings);
  const hard = { pods: '3', 'requests.cpu': '1', 'count/pods': '9', unknown: '1' };
  await client.resource(resourceQuotas, 'default').create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec: { hard, scopes: ['NotTerminating'] } });
  const pod = (name: string, cpu: string, spec: object = {}, status: object = {}) =>
    client.resource(pods, 'default').create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...spec }, status });
  await pod('a', '100m');
  await pod('b', '250m');
  await pod('over', '1', {}, { phase: 'Succeeded' });
  await pod('terminating', '1', { activeDeadlineSeconds: 1 });
  await clock.advance(1000);
  expect(api.objects('resourcequotas')[0].status).toEqual({ hard: { pods: '3', 'requests.cpu': '1', 'count/pods': '9' }, used: { pods: '2', 'requests.cpu': '350m', 'count/pods': '3' } });
  await client.resource(pods, 'default').delete('a');
  await clock.advance(1000);
  expect(api.objects('resourcequotas')[0].status.used).toEqual({ pods: '1', 'requests.cpu': '250m', 'count/pods': '2' });
});
