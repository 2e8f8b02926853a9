/** Warnings about valid objects: what is told, in which words. */
import { describe, expect, it } from 'vitest';
import type { KindDefinition } from '../kind.ts';
import { deployment } from './deployment.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { persistentVolume } from './persistent-volume.ts';
import { pod } from './pod.ts';
import { runtimeClass } from './runtime-class.ts';
import { csiStorageCapacity } from './storage-attachments.ts';
import { storageClass } from './storage-class.ts';

const fresh = (kind: KindDefinition, fields: object): readonly string[] => kind.warnings({ metadata: { name: 'a' }, ...fields }, undefined);
const podWith = (spec: object, annotations = {}): readonly string[] => pod.warnings({ metadata: { name: 'a', annotations }, spec: { containers: [{ name: 'c' }], ...spec } }, undefined);
const arch = 'beta.kubernetes.io/arch';
const archMessage = 'deprecated since v1.14; use "kubernetes.io/arch" instead';
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const volume = (fields: object): object => ({ volumes: [{ name: 'v', ...fields }] });
const files = (...paths: string[]): object => ({ items: paths.map((path) => ({ key: 'k', path })) });

describe('warnings about pods', () => {
  it.each<[string, object, readonly string[]]>([
    ['labels of nodes', { nodeSelector: { [arch]: 'arm' } }, [`spec.nodeSelector[${arch}]: ${archMessage}`]],
    ['labels in affinity', { affinity: { nodeAffinity: { [preferred]: [{ weight: 1, preference: { matchExpressions: [{ key: arch, operator: 'Exists' }] } }] } } }, [
      `spec.affinity.nodeAffinity.${preferred}[0].preference.matchExpressions[0].key: ${arch} is ${archMessage}`,
    ]],
    ['spreading over nothing', { topologySpreadConstraints: [{ topologyKey: arch }] }, [
      `spec.topologySpreadConstraints[0].topologyKey: ${arch} is ${archMessage}`,
      'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
    ]],
    ['neighbours that are nobody', { affinity: { podAntiAffinity: { [required]: [{ topologyKey: 'a' }] } } }, [`spec.affinity.podAntiAffinity.${required}[0].labelSelector: a null labelSelector results in matching no pod`]],
    ['values that hide others', { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }, { name: 'A', value: '$(A)2' }, { name: 'A', value: '$(A)' }] }] }, [
      'spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply',
    ]],
    ['parts of bytes', { containers: [{ name: 'c', resources: { requests: { memory: '100m' } } }] }, ['spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer']],
    ['ports twice', { containers: [{ name: 'c', ports: [{ containerPort: 80, protocol: 'TCP' }] }, { name: 'd', ports: [{ containerPort: 80, protocol: 'TCP' }, { containerPort: 80, protocol: 'TCP', hostPort: 8080 }] }] }, [
      'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
      'spec.containers[1].ports[1]: overlapping port definition with spec.containers[0].ports[0]',
      'spec.containers[1].ports[1]: overlapping port definition with spec.containers[1].ports[0]',
    ]],
    ['files in files', volume({ configMap: { name: 'm', ...files('a', 'b', 'a/c') } }), ['volume "v" (ConfigMap "m"): overlapping paths: "a/c" with "a"']],
    ['files of two sources', volume({ projected: { sources: [{ secret: { name: 's', ...files('a') } }, {}, { serviceAccountToken: { path: 'a' } }] } }), [
      'volume "v" (Projected) has no sources provided',
      'volume "v" (Projected ServiceAccountToken): overlapping paths: "a" with "a"',
    ]],
    ['volumes of the past', volume({ storageos: {} }), ['spec.volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+']],
    ['secrets without names', { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] }, ['spec.imagePullSecrets[1].name: duplicate name "a"', 'spec.imagePullSecrets[2].name: invalid empty name ""']],
    ['nothing', {}, []],
  ])('%s', (_, spec, expected) => {
    expect(podWith(spec)).toEqual(expected);
  });

  it('annotations that have fields, where the fields are not used', () => {
    const key = 'container.seccomp.security.alpha.kubernetes.io/c';
    expect(podWith({}, { [key]: 'unconfined' })).toEqual([`metadata.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`]);
    expect(podWith({ containers: [{ name: 'c', securityContext: { seccompProfile: { type: 'Unconfined' } } }] }, { [key]: 'unconfined' })).toEqual([]);
  });

  it('are told of templates, too', () => {
    expect(fresh(deployment, { spec: { template: { spec: { nodeSelector: { [arch]: 'arm' }, containers: [] } } } })).toEqual([`spec.template.spec.nodeSelector[${arch}]: ${archMessage}`]);
  });
});

describe('warnings about volumes and runtimes', () => {
  it.each<[KindDefinition, object, readonly string[]]>([
    [persistentVolume, { spec: { persistentVolumeReclaimPolicy: 'Recycle' } }, ['spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.']],
    [persistentVolume, { spec: { rbd: {} } }, ['spec.rbd: deprecated in v1.28, non-functional in v1.31+']],
    [persistentVolume, { spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: arch }] }] } } } }, [`spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: ${arch} is ${archMessage}`]],
    [persistentVolumeClaim, { spec: { resources: { requests: { storage: '1500m' } } } }, ['spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer']],
    [storageClass, { allowedTopologies: [{ matchLabelExpressions: [{ key: arch, values: [] }] }] }, [`allowedTopologies[0].matchLabelExpressions[0].key: ${archMessage}`]],
    [csiStorageCapacity, { nodeTopology: { matchLabels: { [arch]: 'arm' } } }, [`nodeTopology.matchLabels.${arch}: ${archMessage}`]],
    [runtimeClass, { scheduling: { nodeSelector: { [arch]: 'arm' } } }, [`scheduling.nodeSelector: ${archMessage}`]],
  ])('%o', (kind, fields, expected) => {
    expect(fresh(kind, fields)).toEqual(expected);
  });
});
