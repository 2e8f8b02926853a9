import { describe, expect, it } from 'vitest';
import { withoutFields } from './take-over.ts';

const deployment = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web', tier: 'front' } },
  spec: { replicas: 3, finalizers: ['a', 'b'], ports: [{ port: 80, protocol: 'TCP', name: 'x' }], template: { spec: { containers: [{ name: 'web', image: 'nginx', args: ['a'] }, { name: 'side', image: 'x' }] } } },
};

describe('withoutFields', () => {
  it.each<[string, (object: any) => unknown, unknown]>([
    ['.spec.replicas', ({ spec }) => 'replicas' in spec, false],
    ['spec.template.spec.containers[name="web"].image', ({ spec }) => spec.template.spec.containers, [{ name: 'web', args: ['a'] }, { name: 'side', image: 'x' }]],
    ['.spec.template.spec.containers[name="web"].args[0]', ({ spec }) => spec.template.spec.containers[0].args, []],
    ['.spec.ports[port=80,protocol="TCP"].name', ({ spec }) => spec.ports, [{ port: 80, protocol: 'TCP' }]],
    ['.spec.finalizers[="a"]', ({ spec }) => spec.finalizers, ['b']],
    ['.metadata.labels.app.kubernetes.io/name', ({ metadata }) => metadata.labels, { tier: 'front' }],
    ['metadata.labels["app.kubernetes.io/name"]', ({ metadata }) => metadata.labels, { tier: 'front' }],
    ['.spec.nowhere.x', (object) => object, deployment],
  ])('%s', (field, look, left) => expect(look(withoutFields(deployment, [field]))).toEqual(left));

  it('leaves the object as it was', () => {
    const before = structuredClone(deployment);
    withoutFields(deployment, ['.spec.replicas']);
    expect(deployment).toEqual(before);
  });
});
