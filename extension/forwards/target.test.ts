import { describe, expect, it } from 'vitest';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import { deployments, endpointSlices, pods, services } from '../../cluster-host/client/resources.ts';
import { explorerResources } from '../clusters/resources.ts';
import { findTarget, type TargetSource } from './target.ts';

function source(objects: readonly (readonly [Resource<any>, readonly KubeObject[]])[]): TargetSource {
  return {
    lister(resource) {
      const found = objects.find(([candidate]) => candidate.plural === resource.plural)?.[1] ?? [];
      const indexes = explorerResources.find((row) => row.resource.plural === resource.plural)?.indexes ?? {};
      return {
        get: (_namespace, name) => found.find(({ metadata }) => metadata?.name === name) as never,
        list: () => found as never,
        byIndex: (index, value) => found.filter((object) => indexes[index]?.(object).includes(value)) as never,
      };
    },
  };
}

function pod(name: string, ready: boolean, app = 'web'): KubeObject {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  return { metadata: { name, namespace: 'default', labels: { app } }, spec: { containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] }, status: { phase: 'Running', conditions } };
}

const service: KubeObject = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] } };
const ref = { kind: 'Service', namespace: 'default', name: 'web', port: 80 };

describe('findTarget', () => {
  it('goes to a ready endpoint and the port behind the service port', () => {
    const slice: KubeObject = {
      metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [
        { addresses: ['10.0.0.1'], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'web-a' } },
        { addresses: ['10.0.0.2'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-b' } },
      ],
    };
    expect(findTarget(source([[services, [service]], [endpointSlices, [slice]], [pods, []]]), ref)).toEqual({ namespace: 'default', pod: 'web-b', port: 8080 });
  });

  it('resolves a named port by the selector where there are no slices', () => {
    const cluster = source([[services, [service]], [pods, [pod('web-a', false), pod('web-b', true), pod('other', true, 'db')]]]);
    expect(findTarget(cluster, ref)).toEqual({ namespace: 'default', pod: 'web-b', port: 8080 });
  });

  it('takes a running pod of a workload, a ready one first', () => {
    const deployment: KubeObject = { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } } } };
    const cluster = (...found: KubeObject[]): TargetSource => source([[deployments, [deployment]], [pods, found]]);
    const wanted = { ...ref, kind: 'Deployment', port: 8080 };
    expect(findTarget(cluster(pod('web-a', false), pod('web-b', true)), wanted)?.pod).toBe('web-b');
    expect(findTarget(cluster(pod('web-a', false)), wanted)?.pod).toBe('web-a');
  });

  it('says so when nothing is ready', () => {
    expect(findTarget(source([[services, [service]], [pods, [pod('web-a', false)]]]), ref)).toBeUndefined();
  });
});
