import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { kubeconfigText, mergeKubeconfig } from './kubeconfig.ts';

const entry = { name: 'kubicle', server: 'https://127.0.0.1:6443', ca: 'CA', clientCertificate: 'CERT', clientKey: 'KEY' };

const existing = `# mine
apiVersion: v1
kind: Config
clusters:
- name: work   # the company's
  cluster: {server: https://work.example:6443}
contexts:
- name: work
  context: {cluster: work, user: me, namespace: team}
users:
- name: me
  user: {token: secret}
current-context: work
preferences: {}
`;

test('a kubeconfig of its own', () => {
  expect(parse(kubeconfigText(entry))).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kubicle', cluster: { 'certificate-authority-data': 'Q0E=', server: 'https://127.0.0.1:6443' } }],
    users: [{ name: 'kubicle', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } }],
    contexts: [{ name: 'kubicle', context: { cluster: 'kubicle', user: 'kubicle' } }],
    'current-context': 'kubicle',
  });
});

test('merging adds one context and leaves the others and the comments as they are', () => {
  const merged = mergeKubeconfig(existing, entry);
  expect(merged).toContain('# mine');
  expect(merged).toContain("# the company's");
  const value = parse(merged);
  expect(value.contexts.map((context: { name: string }) => context.name)).toEqual(['work', 'kubicle']);
  expect(value.contexts[0]).toEqual(parse(existing).contexts[0]);
  expect(value['current-context']).toBe('kubicle');
});

test('merging twice replaces the entry', () => {
  const moved = { ...entry, server: 'https://127.0.0.1:7777' };
  const value = parse(mergeKubeconfig(mergeKubeconfig(existing, entry), moved));
  expect(value.clusters).toHaveLength(2);
  expect(value.clusters[1].cluster.server).toBe('https://127.0.0.1:7777');
});

test.each(['[1, 2]', 'a: [', 'just text'])('what is no kubeconfig is refused: %s', (text) => {
  expect(() => mergeKubeconfig(text, entry)).toThrow(/not a kubeconfig/);
});
