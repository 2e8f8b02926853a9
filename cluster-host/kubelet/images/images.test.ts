import { expect, test } from 'vitest';
import { parseImage } from './reference.ts';
import { registryAuth } from './registry-auth.ts';

test.each([
  ['nginx', 'docker.io', 'nginx:latest'],
  ['nginx:1.27', 'docker.io', 'nginx:1.27'],
  ['library/nginx', 'docker.io', 'library/nginx:latest'],
  ['ghcr.io/owner/app:v1', 'ghcr.io', 'ghcr.io/owner/app:v1'],
  ['localhost:5000/app', 'localhost:5000', 'localhost:5000/app:latest'],
  [`app@sha256:${'a'.repeat(64)}`, 'docker.io', `app@sha256:${'a'.repeat(64)}`],
])('%s', (image, registry, text) => {
  expect(parseImage(image)).toEqual({ ok: true, value: { registry, text } });
});

test.each([
  ['', 'invalid reference format'],
  ['a b', 'invalid reference format'],
  ['nginx:', 'invalid reference format'],
  ['Nginx', 'invalid reference format: repository name must be lowercase'],
  ['nginx:-x', 'invalid reference format'],
  ['http://x/y', 'invalid reference format'],
])('%j is refused', (image, error) => {
  expect(parseImage(image)).toEqual({ ok: false, error });
});

test('credentials of a registry out of pull secrets', () => {
  const config = { auths: { 'https://index.docker.io/v1/': { auth: btoa('me:pa:ss') }, 'ghcr.io': { username: 'you', password: 'word' } } };
  const secret = { data: { '.dockerconfigjson': btoa(JSON.stringify(config)) } };
  const pod = { spec: { containers: [], imagePullSecrets: [{ name: 'none' }, { name: 'pull' }] } };
  const find = (registry: string) => registryAuth(pod, registry, (name) => (name === 'pull' ? secret : undefined));
  expect(find('docker.io')).toEqual({ server: 'https://index.docker.io/v1/', username: 'me', password: 'pa:ss' });
  expect(find('ghcr.io')).toMatchObject({ username: 'you', password: 'word' });
  expect(find('quay.io')).toBeUndefined();
});
