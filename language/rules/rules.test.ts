import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingLines, fixture } from '../testing/fixture.ts';
import { documentRules, workspaceRules } from './rules.ts';

/** Findings of one rule, without the file's name. */
function found(rule: string, source: string): readonly string[] {
  return findingLines(fixture(source))
    .filter((line) => line.includes(` ${rule} `))
    .map((line) => line.replace(/^main\.yaml:/, '').replace(` ${rule} `, ' '));
}

/** What the first fix of the first finding makes of the file. */
function mended(source: string): string {
  const { project, context, textAt } = fixture(source);
  const edit = project.findings(context.file.uri).find(({ fixes }) => fixes.length > 0)?.fixes[0]?.edits[0];
  return edit === undefined ? '' : `${textAt({ uri: context.file.uri, range: edit.range })} -> ${edit.newText}`;
}

const pod = (rest: string, labels = 'app: web'): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {${labels}}}\nspec:\n  containers:\n  - name: web\n    image: web\n${rest}`;
const service = (spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: ${spec}\n`;

test.each([...documentRules, ...workspaceRules].map(({ name }) => name))('%s has a page', (name) => {
  const page = join(import.meta.dirname, '../../docs/rules', `${name}.md`);
  expect(existsSync(page) && readFileSync(page, 'utf8').startsWith(`# ${name}\n`)).toBe(true);
});

describe('selects-nothing', () => {
  const text = `${service('{selector: {app: wbe}, ports: [{port: 80}]}')}---\n${pod('')}`;
  test('warns where pods are known, and knows the nearest label', () => {
    expect(found('selects-nothing', text)).toEqual(['4:8 warning: no pod in the workspace has the labels app=wbe']);
    expect(mended(text)).toBe('wbe -> web');
    expect(found('selects-nothing', text.replace('wbe', 'web'))).toEqual([]);
    expect(found('selects-nothing', service('{selector: {app: web}, ports: [{port: 80}]}'))).toEqual([]);
  });
  test('tells of pods in another namespace', () => {
    const apart = `${text.replace('wbe', 'web').replace('{name: web}', '{name: web, namespace: a}').replace('{name: web, labels', '{name: web, namespace: b, labels')}---\n${pod('').replace('{name: web', '{name: x, namespace: a').replace('app: web', 'app: y')}`;
    expect(found('selects-nothing', apart)).toEqual(['4:8 warning: no pod in the workspace has the labels app=web in this namespace; Pod/web is in namespace "b"']);
  });
  test('is silenced by a comment', () => {
    expect(found('selects-nothing', text.replace('spec:', '# kubicle-ignore: selects-nothing\nspec:'))).toEqual([]);
    expect(found('selects-nothing', text.replace('spec: {selector: {app: wbe}, ports: [{port: 80}]}', 'spec:\n  selector: {app: wbe} # kubicle-ignore: volume-unused, selects-nothing'))).toEqual([]);
    expect(found('selects-nothing', text.replace('spec:', '# kubicle-ignore: volume-unused\nspec:'))).toHaveLength(1);
  });
});

test('target-port-unknown', () => {
  const text = (port: string): string => `${service(`{selector: {app: web}, ports: [{port: 80, targetPort: ${port}}]}`)}---\n${pod('    ports: [{name: http, containerPort: 80}]\n')}`;
  expect(found('target-port-unknown', text('htp'))).toEqual(['4:61 warning: no container of the selected pods has a port named "htp"']);
  expect(mended(text('htp'))).toBe('htp -> http');
  expect([...found('target-port-unknown', text('http')), ...found('target-port-unknown', text('8080'))]).toEqual([]);
});

describe('dangling-reference', () => {
  const config = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {color: red}\n';
  test('to an object', () => {
    const text = pod('    envFrom: [{configMapRef: {name: setings}}, {secretRef: {name: keys, optional: true}}]\n  serviceAccountName: default\n');
    expect(found('dangling-reference', text + config)).toEqual(['8:37 information: ConfigMap "setings" is not defined in the workspace']);
    expect(mended(text + config)).toBe('setings -> settings');
  });
  test('to a key', () => {
    const text = pod('    env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}]\n');
    expect(found('dangling-reference', text + config)).toEqual(['8:72 information: ConfigMap "settings" has no key "colour"']);
  });
});

test('defined-twice', () => {
  expect(found('defined-twice', `${pod('')}---\n${pod('')}`)).toEqual(['3:18 warning: Pod "web" is defined again in this file', '11:18 warning: Pod "web" is defined again in this file']);
  expect(findingLines(fixture(`=== a/x.yaml\n${pod('')}=== a/y.yaml\n${pod('')}=== b/z.yaml\n${pod('')}`))).toEqual([
    'a/x.yaml:3:18 defined-twice information: Pod "web" is defined again in y.yaml',
    'a/y.yaml:3:18 defined-twice information: Pod "web" is defined again in x.yaml',
  ]);
});

test('volume-unused', () => {
  const text = pod('    volumeMounts: [{name: data, mountPath: /d}]\n  volumes: [{name: data, emptyDir: {}}, {name: cache, emptyDir: {}}]\n');
  expect(found('volume-unused', text)).toEqual(['9:48 information: no container mounts volume "cache"']);
});

test('probe-port-unknown', () => {
  expect(found('probe-port-unknown', pod('    ports: [{name: http, containerPort: 80}]\n    livenessProbe: {httpGet: {port: htp}}\n    readinessProbe: {tcpSocket: {port: http}}\n'))).toEqual([
    '9:37 warning: the container has no port named "htp"',
  ]);
});

test('blocks-evictions', () => {
  const budget = (spec: string): string => `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\nspec: {selector: {matchLabels: {a: b}}, ${spec}}\n`;
  expect(found('blocks-evictions', budget('maxUnavailable: 0'))).toEqual(['4:57 warning: maxUnavailable: 0 blocks every eviction of the selected pods']);
  expect(found('blocks-evictions', budget('maxUnavailable: 1'))).toEqual([]);
});

test('api-not-served', () => {
  const text = 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: x}\n';
  expect(findingLines(fixture(text))).toEqual([
    'main.yaml:1:13 kind error: no matches for kind "Deployment" in version "extensions/v1beta1"',
    'main.yaml:1:13 api-not-served warning: Deployment of extensions/v1beta1 was removed in Kubernetes 1.16: use apps/v1, served since 1.9',
  ]);
  expect(mended(text)).toBe('extensions/v1beta1 -> apps/v1');
  expect(found('api-not-served', 'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: x}\n')).toEqual(['1:13 warning: PodSecurityPolicy of policy/v1beta1 was removed in Kubernetes 1.25: nothing took its place']);
  expect(found('api-not-served', 'apiVersion: v1\nkind: Deployment\nmetadata: {name: x}\n')).toEqual(['1:13 warning: Deployment is served as apps/v1; its fields may differ from those of v1']);
});

test('unknown-custom-kind', () => {
  expect(findingLines(fixture('apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x}\n'))).toEqual([
    'main.yaml:2:7 unknown-custom-kind hint: Certificate of cert-manager.io/v1 is not built into Kubernetes: it was not validated',
  ]);
});

test('yaml-surprise', () => {
  const text = 'apiVersion: example.com/v1\nkind: Thing\nspec:\n  a: yes\n  b: "yes"\n  c: 012\n  defaultMode: 0644\n  y: 1\n  list: [off, 1e3]\n';
  expect(found('yaml-surprise', text)).toEqual([
    '4:6 warning: Kubernetes reads yes as true (YAML 1.1)',
    '6:6 warning: Kubernetes reads 012 as 10 (YAML 1.1)',
    '8:3 warning: Kubernetes reads y as true (YAML 1.1)',
    '9:10 warning: Kubernetes reads off as false (YAML 1.1)',
  ]);
});
