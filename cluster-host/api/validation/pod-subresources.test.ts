import { describe, expect, it } from 'vitest';
import type { FieldError } from '../field-error.ts';
import type { V1Pod, V1ResourceRequirements } from '../generated/types.ts';
import { validateEphemeralContainersUpdate, validatePodResize } from './pod-subresources.ts';

function podOf(resources: V1ResourceRequirements, more: object = {}): V1Pod {
  return { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i', resources, ...more }] } };
}

const messages = (errors: readonly FieldError[]): readonly string[] => errors.map(({ field, message }) => `${field}: ${message}`);
const burstable = podOf({ requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '64Mi' } });
const resize = (pod: V1Pod, old: V1Pod = burstable): readonly string[] => messages(validatePodResize(pod, old));

describe('resizing a pod', () => {
  it('may change CPU and memory', () => {
    expect(resize(podOf({ requests: { cpu: '150m', memory: '32Mi' }, limits: { cpu: '300m', memory: '64Mi' } }))).toEqual([]);
  });

  it('may not change the class of the pod', () => {
    expect(resize(podOf({ requests: { cpu: '200m', memory: '64Mi' }, limits: { cpu: '200m', memory: '64Mi' } }))).toEqual(['spec: Invalid value: "": Pod QOS Class may not change as a result of resizing']);
  });

  it('may neither remove amounts nor set others', () => {
    expect(resize(podOf({ requests: { cpu: '100m' }, limits: { cpu: '200m', memory: '64Mi', 'ephemeral-storage': '1Gi' } }))).toEqual([
      'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
      'spec: Forbidden: only cpu and memory resources are mutable',
    ]);
  });

  it('may not change, rename or remove containers', () => {
    const resources = burstable.spec?.containers[0]?.resources ?? {};
    expect(resize(podOf(resources, { image: 'other' }))).toEqual(['spec: Forbidden: only cpu and memory resources are mutable']);
    expect(resize(podOf(resources, { name: 'other' }))).toEqual(['spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize']);
    expect(resize({ ...burstable, spec: { containers: [...(burstable.spec?.containers ?? []), { name: 'd' }] } })).toEqual(['spec.containers: Forbidden: containers may not be added or removed on resize']);
  });

  it('may not be done to pods that a kubelet runs of its own', () => {
    expect(resize(burstable, { ...burstable, metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } })).toEqual([': Forbidden: static pods cannot be resized']);
  });
});

it('keeps ephemeral containers as they are', () => {
  const withContainers = (...ephemeralContainers: { name: string; image: string }[]): V1Pod => ({ spec: { containers: [], ephemeralContainers } });
  const old = withContainers({ name: 'a', image: 'i' }, { name: 'b', image: 'i' });
  expect(validateEphemeralContainersUpdate(withContainers({ name: 'b', image: 'i' }, { name: 'a', image: 'i' }, { name: 'c', image: 'i' }), old)).toEqual([]);
  expect(messages(validateEphemeralContainersUpdate(withContainers({ name: 'b', image: 'j' }), old))).toEqual([
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "a" may not be removed\n',
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "b" may not be changed\n',
  ]);
});
