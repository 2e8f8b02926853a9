import { expect, test } from 'vitest';
import type { V1Pod, V1PodSpec, V1Volume } from '../../api/generated/types.ts';
import { payloadOf } from './payload.ts';

const pod: V1Pod = { metadata: { name: 'web', namespace: 'ns', labels: { app: 'web' } }, spec: { containers: [{ name: 'main', resources: { limits: { memory: '32Mi' } } }] } };
const input = {
  pod,
  sources: {
    configMap: (name: string) => (name === 'cm' ? { data: { k: 'v', other: 'w' }, binaryData: { bin: btoa('\u0001') } } : undefined),
    secret: (name: string) => (name === 'sec' ? { data: { password: btoa('s3cret') } } : undefined),
  },
  facts: { nodeName: 'n', hostIp: '10.0.0.1', podIp: undefined, allocatable: {} },
  token: (audience: string | undefined) => `token for ${audience ?? 'the API server'}`,
};

/** `path mode content` of each file. */
function filesOf(volume: Omit<V1Volume, 'name'>): readonly string[] | string {
  const payload = payloadOf({ name: 'v', ...volume }, input);
  if ('problem' in payload) return payload.problem;
  return [...payload.files].map(([path, { mode, content }]) => `${path} ${mode.toString(8)} ${new TextDecoder().decode(content)}`);
}

test.each<[string, Omit<V1Volume, 'name'>, readonly string[] | string]>([
  ['all of a configMap', { configMap: { name: 'cm', defaultMode: 0o640 } }, ['k 640 v', 'other 640 w', 'bin 640 \u0001']],
  ['items with paths and modes', { configMap: { name: 'cm', items: [{ key: 'k', path: 'a/b', mode: 0o600 }] } }, ['a/b 600 v']],
  ['an item that is not there', { configMap: { name: 'cm', items: [{ key: 'x', path: 'x' }] } }, 'configmap references non-existent config key: x'],
  ['an optional configMap', { configMap: { name: 'none', optional: true } }, []],
  ['a missing secret', { secret: { secretName: 'none' } }, 'secret "none" not found'],
  ['a secret', { secret: { secretName: 'sec' } }, ['password 644 s3cret']],
  [
    'the downward API',
    { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }, { path: 'mem', resourceFieldRef: { containerName: 'main', resource: 'limits.memory' } }] } },
    ['labels 644 app="web"', 'mem 644 33554432'],
  ],
  [
    'sources put together, later ones over earlier ones',
    { projected: { sources: [{ secret: { name: 'sec' } }, { configMap: { name: 'cm', items: [{ key: 'k', path: 'password' }] } }, { serviceAccountToken: { path: 'token', audience: 'vault' } }] } },
    ['password 644 v', 'token 644 token for vault'],
  ],
])('%s', (_name, volume, expected) => {
  expect(filesOf(volume)).toEqual(expected);
});

test.each<[string, V1PodSpec, string]>([
  ['anybody', { containers: [{ name: 'a' }] }, '644 of the kubelet'],
  ['the one user of the pod', { securityContext: { runAsUser: 1000 }, containers: [{ name: 'a' }, { name: 'b' }] }, '600 of 1000'],
  ['the one user of all containers', { containers: [{ name: 'a', securityContext: { runAsUser: 7 } }, { name: 'b', securityContext: { runAsUser: 7 } }] }, '600 of 7'],
  ['users who differ', { securityContext: { runAsUser: 1000 }, containers: [{ name: 'a' }, { name: 'b', securityContext: { runAsUser: 7 } }] }, '644 of the kubelet'],
  ['a group, which the disk gives it to', { securityContext: { fsGroup: 5 }, containers: [{ name: 'a' }] }, '600 of the kubelet'],
])('a token is for %s', (_name, spec, expected) => {
  const volume = { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
  const payload = payloadOf(volume, { ...input, pod: { ...pod, spec } });
  const file = 'files' in payload ? payload.files.get('token') : undefined;
  expect(`${file?.mode.toString(8)} of ${file?.owner ?? 'the kubelet'}`).toBe(expected);
});
