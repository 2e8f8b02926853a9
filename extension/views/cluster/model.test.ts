import { describe, expect, it } from 'vitest';
import { HostStartError } from '../../host-process/start-host.ts';
import { ClusterModel, type ClusterFacts } from './model.ts';

const nothing: ClusterFacts = { localName: 'kubicle', local: { phase: 'stopped' }, contexts: [], active: undefined, connections: new Map(), problems: [] };

function drawn(facts: Partial<ClusterFacts>): readonly string[] {
  const model = new ClusterModel(() => ({ ...nothing, ...facts }));
  return model.roots().flatMap((root) => [root, ...model.children(root)]).map((node) => `${model.item(node).label}: ${model.item(node).description ?? ''}`);
}

describe('ClusterModel', () => {
  it('shows the local cluster even when there is none, and offers to start it', () => {
    expect(drawn({})).toEqual(['Local cluster: kubicle · stopped']);
    const model = new ClusterModel(() => nothing);
    expect(model.item({ type: 'local' }).command?.id).toBe('kubicle.startCluster');
  });

  it('shows nodes and facts of the running cluster, its own context only once', () => {
    const status = {
      name: 'kubicle', phase: 'running', url: 'https://127.0.0.1:1', kubeconfig: '/k', runtime: 'docker', version: '1', kubernetesVersion: 'v1.36.0',
      nodes: [{ name: 'n1', ready: true, pods: 2 }], startedAt: '', windows: 1, keep: false, memory: 100 << 20,
    } as const;
    expect(drawn({ local: { phase: 'running', status }, contexts: ['prod', 'kubicle'], active: 'kubicle', connections: new Map([['kubicle', { phase: 'connected', version: 'v1.36.0' }]]) })).toEqual([
      'Local cluster: kubicle · running · active',
      'n1: Ready',
      'Kubernetes: v1.36.0',
      'API server: https://127.0.0.1:1',
      'Containers: Docker',
      'Memory: 100 MiB',
      'prod: ',
    ]);
  });

  it('greys a cluster that is away', () => {
    expect(drawn({ contexts: ['prod'], active: 'prod', connections: new Map([['prod', { phase: 'away', message: 'ECONNREFUSED' }]]) })).toContain('prod: does not answer');
  });

  it('says what is wrong with a kubeconfig', () => expect(drawn({ problems: ['/k: bad indentation'] })).toContain('Kubeconfig: /k: bad indentation'));

  it('says why a start failed', () => {
    expect(drawn({ local: { phase: 'failed', error: new HostStartError('dockerUnavailable', 'No Docker Engine answers.', 'Start it.') } })).toEqual([
      'Local cluster: kubicle · No Docker Engine answers.',
    ]);
  });
});
