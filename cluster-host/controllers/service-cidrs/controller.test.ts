import { describe, expect, it } from 'vitest';
import type { V1Service } from '../../api/generated/types.ts';
import { serviceCidrs, services } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { serviceCidrsController } from './controller.ts';

const service = (name: string, clusterIP: string): V1Service => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { clusterIP, clusterIPs: [clusterIP] } });
const range = (name: string, cidr: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name, uid: name }, spec: { cidrs: [cidr] } });

async function running() {
  const surroundings = testSurroundings();
  const { api, client, clock } = surroundings;
  api.seed([range('kubernetes', '10.96.0.0/24')]);
  runControllers([serviceCidrsController], surroundings);
  await client.resource(services, 'default').create(service('web', '10.96.0.7'));
  await clock.advance(100);
  const ready = (name: string) => api.objects('servicecidrs').find(({ metadata }) => metadata.name === name)?.status?.conditions?.[0];
  return { ...surroundings, ready };
}

describe('service ranges', () => {
  it('are ready and held; each address of a service is an object, headless services have none', async () => {
    const { api, client, clock, ready } = await running();
    await client.resource(services, 'default').create(service('none', 'None'));
    await clock.advance(100);
    expect(ready('kubernetes')).toMatchObject({ type: 'Ready', status: 'True', message: 'Kubernetes Service CIDR is ready' });
    expect(api.objects('servicecidrs')[0].metadata.finalizers).toEqual(['networking.k8s.io/service-cidr-finalizer']);
    expect(api.objects('ipaddresses')).toMatchObject([{ metadata: { name: '10.96.0.7', labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4' } }, spec: { parentRef: { resource: 'services', namespace: 'default', name: 'web' } } }]);
    await client.resource(services, 'default').delete('web');
    await clock.advance(100);
    expect(api.objects('ipaddresses')).toEqual([]);
  });

  it('stay while an address of theirs is in no other range', async () => {
    const { api, client, clock, ready } = await running();
    await client.resource(serviceCidrs).delete('kubernetes');
    await clock.advance(60_000);
    expect(ready('kubernetes')).toMatchObject({ status: 'False', reason: 'Terminating' });
    await client.resource(serviceCidrs).create(range('wider', '10.96.0.0/16'));
    await clock.advance(60_000);
    expect(api.objects('servicecidrs').map(({ metadata }) => metadata.name)).toEqual(['wider']);
  });
});
