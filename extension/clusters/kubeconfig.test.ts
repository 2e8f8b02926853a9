import { describe, expect, it } from 'vitest';
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';

const first = `
apiVersion: v1
kind: Config
current-context: ""
clusters:
- name: a
  cluster: {server: https://a:6443, certificate-authority: ca.crt}
contexts:
- name: a
  context: {cluster: a, user: me, namespace: shop}
users:
- name: me
  user:
    client-certificate-data: ${Buffer.from('CERT').toString('base64')}
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [--now], env: [{name: A, value: b}], provideClusterInfo: true}
`;

const second = `
current-context: b
clusters: [{name: a, cluster: {server: https://other}}, {name: b, cluster: {server: https://b, insecure-skip-tls-verify: true}}]
contexts: [{name: b, context: {cluster: b, user: me}}]
users: [{name: me, user: {token: stolen}}]
`;

describe('parseKubeconfig', () => {
  it('reads contexts, clusters and users, with paths relative to the file', () => {
    const config = parseKubeconfig(first, '/home/me/.kube/config');
    expect(config.contexts.get('a')).toEqual({ name: 'a', cluster: 'a', user: 'me', namespace: 'shop', file: '/home/me/.kube/config' });
    expect(config.clusters.get('a')?.certificateAuthority).toEqual({ file: '/home/me/.kube/ca.crt' });
    expect(config.users.get('me')?.clientCertificate).toEqual({ data: 'CERT' });
    expect(config.users.get('me')?.exec).toMatchObject({ command: './login', args: ['--now'], env: { A: 'b' }, folder: '/home/me/.kube' });
    expect(config.currentContext).toBeUndefined();
  });

  it.each(['', 'just text', '- a\n- b', 'contexts: {a: b}', 'contexts: [1, null, {name: 3}]'])('reads nothing out of %j', (text) => {
    expect(parseKubeconfig(text, '/f')).toMatchObject({ contexts: new Map(), problems: [] });
  });

  it('says which file is broken', () => {
    expect(parseKubeconfig('a: [', '/f').problems[0]).toMatch(/^\/f: /);
  });
});

describe('mergeKubeconfigs', () => {
  it('lets the first file win', () => {
    const merged = mergeKubeconfigs([parseKubeconfig(first, '/1'), parseKubeconfig(second, '/2')]);
    expect([...merged.contexts.keys()].toSorted()).toEqual(['a', 'b']);
    expect(merged.clusters.get('a')?.server).toBe('https://a:6443');
    expect(merged.users.get('me')?.token).toBeUndefined();
    expect(merged.currentContext).toBe('b');
  });
});
