import { describe, expect, it } from 'vitest';
import type { CoreV1Event, V1Pod } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import { deployments, endpointSlices, events, pods, replicaSets, services } from '../../cluster-host/client/resources.ts';
import { explorerResources } from '../clusters/resources.ts';
import { diagnose, type DiagnosisSource } from './diagnose.ts';
import { diagnosePod } from './pod.ts';
import { unschedulable } from './scheduling.ts';

describe('unschedulable', () => {
  it.each([
    ['0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.', 'No node takes it. Nodes: 1 without enough free cpu.'],
    ["0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 node(s) didn't match Pod's node affinity/selector.", 'No node takes it. Nodes: 1 with a taint that it does not tolerate {dedicated: gpu}, 2 that its node selector or affinity rules out.'],
    ['0/2 nodes are available: 2 node(s) were unschedulable. no new claims to deallocate', 'No node takes it. Nodes: 2 cordoned.'],
    ['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.', 'It waits for a PersistentVolumeClaim that has no volume yet.'],
    ['0/1 nodes are available: persistentvolumeclaim "data" not found.', 'It waits for the PersistentVolumeClaim "data", which does not exist.'],
    ['something new', 'No node takes it: something new'],
  ])('%s', (message, sentence) => expect(unschedulable(message).sentence).toBe(sentence));
});

function pod(status: KubeObject, more: KubeObject = {}): V1Pod {
  return { metadata: { name: 'a', namespace: 'default', uid: 'a' }, spec: { containers: [{ name: 'c' }] }, status: { phase: 'Pending', ...status }, ...more };
}

function container(state: object, more: object = {}): KubeObject {
  return { phase: 'Running', containerStatuses: [{ name: 'c', image: 'web:2', ready: false, restartCount: 3, state, ...more }] };
}

function event(reason: string, message: string, uid = 'a'): CoreV1Event {
  return { metadata: { name: reason, namespace: 'default' }, involvedObject: { uid }, reason, message };
}

const crashed = { waiting: { reason: 'CrashLoopBackOff' } };
const ended = (exitCode: number, reason = 'Error'): object => ({ lastState: { terminated: { exitCode, reason } } });

describe('diagnosePod', () => {
  it.each<[string, V1Pod, readonly CoreV1Event[], string | undefined]>([
    ['a healthy one', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }), [], undefined],
    ['one that is about to start', pod(container({ waiting: { reason: 'ContainerCreating' } })), [], undefined],
    ['a missing image', pod(container({ waiting: { reason: 'ErrImagePull', message: 'manifest unknown' } })), [], 'The image "web:2" of "c" does not exist.'],
    ['a private image', pod(container({ waiting: { reason: 'ErrImagePull', message: 'unauthorized: authentication required' } })), [], 'The registry does not give out the image "web:2" of "c".'],
    ['an image that must be there', pod(container({ waiting: { reason: 'ErrImageNeverPull' } })), [], 'The image "web:2" of "c" is not on the node, and its pull policy is Never.'],
    ['a missing ConfigMap', pod(container({ waiting: { reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' } })), [], '"c" needs the ConfigMap "settings", which does not exist.'],
    ['a missing key', pod(container({ waiting: { reason: 'CreateContainerConfigError', message: "couldn't find key host in ConfigMap default/settings" } })), [], '"c" needs the key "host" of default/settings, which is not in it.'],
    ['a crash', pod(container(crashed, ended(2))), [], '"c" crashes: exit code 2, 3 restarts.'],
    ['out of memory', pod(container(crashed, ended(137, 'OOMKilled'))), [], '"c" used more memory than its limit and was ended.'],
    ['a program that ends', pod(container(crashed, ended(0, 'Completed'))), [], '"c" ends by itself as soon as it has run, and is started again.'],
    ['a missing command', pod(container(crashed, ended(127))), [], '"c" cannot run its command (exit code 127).'],
    ['a missing volume', pod(container({ waiting: { reason: 'ContainerCreating' } })), [event('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "key" not found')], 'A volume needs the Secret "key", which does not exist.'],
    ['a probe', pod(container({ running: {} })), [event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404')], '"c" runs, but its probe fails: Readiness probe failed: HTTP probe failed with statuscode: 404'],
    ['a gate', pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }, { spec: { containers: [], schedulingGates: [{ name: 'x/y' }] } }), [], 'It is held back by scheduling gates: x/y'],
    ['an eviction', pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }), [], 'It was evicted: low on memory'],
  ])('%s', (_title, object, about, sentence) => expect(diagnosePod(object, about)?.sentence).toBe(sentence));

  it('names the container that is to blame', () => {
    expect(diagnosePod(pod(container(crashed, ended(2))), [])).toMatchObject({ crashed: true, pod: { namespace: 'default', name: 'a', container: 'c' } });
  });
});

function source(objects: ReadonlyMap<Resource<any>, readonly KubeObject[]>): DiagnosisSource {
  return {
    lister(resource) {
      const all = objects.get(resource) ?? [];
      const indexes = explorerResources.find((row) => row.resource === resource)?.indexes ?? {};
      return {
        get: (_namespace, name) => all.find(({ metadata }) => metadata?.name === name) as never,
        list: () => all as never,
        byIndex: (index, value) => all.filter((object) => indexes[index]?.(object).includes(value)) as never,
      };
    },
  };
}

function owned(by: string, object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences: [{ apiVersion: 'v1', kind: 'K', name: by, uid: by, controller: true }] } };
}

describe('diagnose', () => {
  const web: KubeObject = { metadata: { name: 'web', uid: 'web' }, spec: { replicas: 1 }, status: {} };
  const set = owned('web', { metadata: { name: 'web-1', uid: 'web-1' }, spec: { replicas: 1 }, status: {} });

  it('blames the pod of a Deployment', () => {
    const broken = owned('web-1', pod(container(crashed, ended(2))));
    const finding = diagnose('Deployment', web, source(new Map<Resource<any>, readonly KubeObject[]>([[deployments, [web]], [replicaSets, [set]], [pods, [broken]]])));
    expect(finding).toMatchObject({ sentence: '"c" crashes: exit code 2, 3 restarts.', pod: { name: 'a' } });
  });

  it('tells of a quota', () => {
    const refused = event('FailedCreate', 'Error creating: pods "web-1-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1', 'web-1');
    expect(diagnose('Deployment', web, source(new Map<Resource<any>, readonly KubeObject[]>([[replicaSets, [set]], [events, [refused]]])))?.sentence).toBe(
      'A quota of the namespace is used up: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1',
    );
  });

  it('says nothing of a whole workload', () => {
    expect(diagnose('Deployment', { ...web, status: { readyReplicas: 1, updatedReplicas: 1 } }, source(new Map()))).toBeUndefined();
  });

  it('says that a Service selects nothing', () => {
    const service: KubeObject = { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'wbe' } } };
    expect(diagnose('Service', service, source(new Map<Resource<any>, readonly KubeObject[]>([[services, [service]], [endpointSlices, []]])))?.sentence).toBe('Its selector app=wbe matches no pod.');
  });
});
