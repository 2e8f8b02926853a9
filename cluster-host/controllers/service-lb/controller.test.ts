import { expect, test } from 'vitest';
import { services } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { serviceLoadBalancerController } from './controller.ts';

test('a load balancer answers on its own address for as long as it is one', async () => {
  const surroundings = testSurroundings();
  const { api, client, clock } = surroundings;
  runControllers([serviceLoadBalancerController], surroundings);
  const resource = client.resource(services, 'default');
  for (const [name, spec] of [['own', {}], ['foreign', { loadBalancerClass: 'example.com/other' }]] as const) {
    await resource.create({ metadata: { name }, spec: { type: 'LoadBalancer', clusterIP: '10.96.0.20', ports: [{ port: 80 }], ...spec } });
  }
  await clock.advance(1000);
  expect(api.objects('services').map(({ metadata, status }) => [metadata.name, status?.loadBalancer?.ingress])).toEqual([['own', [{ ip: '10.96.0.20', ipMode: 'VIP' }]], ['foreign', undefined]]);
  await resource.patch('own', { spec: { type: 'ClusterIP' } }, { type: 'merge' });
  await clock.advance(1000);
  expect(api.objects('services').find(({ metadata }) => metadata.name === 'own')?.status).toEqual({ loadBalancer: {} });
});
