import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingLines, fixture } from '../testing/fixture.ts';
import { ruleNames } from './rules.ts';

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

test.each(ruleNames)('%s has a page', (name) => {
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
  expect([...found('target-port-unknown', text('http')), ...found('target-port-unknown', text('80'))]).toEqual([]);
  expect(found('target-port-unknown', text('8080'))).toEqual(['4:61 information: no container of the selected pods declares port 8080; they declare 80']);
});

test('service-port-unknown', () => {
  const backend = (port: string): string => `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {defaultBackend: {service: {name: web, port: ${port}}}}\n---\n${service('{selector: {app: web}, ports: [{port: 80, name: http}]}')}`;
  expect(found('service-port-unknown', backend('{number: 8080}'))).toEqual(['4:61 warning: Service "web" has no port 8080']);
  expect(found('service-port-unknown', backend('{name: htp}'))).toEqual(['4:59 warning: Service "web" has no port named "htp"']);
  expect(mended(backend('{name: htp}'))).toBe('htp -> http');
  expect([...found('service-port-unknown', backend('{number: 80}')), ...found('service-port-unknown', backend('{name: http}'))]).toEqual([]);
});

test('namespace-differs', () => {
  const text = `${pod('    envFrom: [{configMapRef: {name: settings}}]\n').replace('{name: web', '{namespace: a, name: web')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: b}\n`;
  expect(findingLines(fixture(text))).toEqual(['main.yaml:8:37 namespace-differs warning: ConfigMap "settings" is in namespace "b", this Pod in "a"']);
  expect(mended(text)).toBe('a -> b');
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

describe('a cluster', () => {
  const text = pod('    envFrom: [{configMapRef: {name: settings}}]\n  priorityClassName: high\n');
  const rules = (fixed: ReturnType<typeof fixture>): readonly string[] => fixed.project.findings(fixed.context.file.uri).map(({ rule, message }) => `${rule}: ${message}`);
  test('is asked before something is missed, and has its say', () => {
    const fixed = fixture(text);
    const { cluster } = fixed.project;
    const missing = 'dangling-reference: ConfigMap "settings" is not defined in the workspace';
    expect(rules(fixed)).toEqual([missing]);
    cluster.connect('test');
    expect(rules(fixed)).toEqual([]);
    const questions = cluster.takeQuestions();
    expect(questions.map(({ kind, name }) => `${kind}/${name}`).toSorted()).toEqual(['ConfigMap/settings', 'Pod/web', 'PriorityClass/high']);
    for (const question of questions) cluster.answer(question, { object: null, status: '' });
    expect(rules(fixed)).toEqual([missing, 'dangling-reference: PriorityClass "high" is neither in the workspace nor in the cluster']);
    for (const question of questions) cluster.answer(question, { object: question.kind === 'Pod' ? null : { metadata: {} }, status: '' });
    expect(rules(fixed)).toEqual([]);
    for (const question of questions) cluster.answer(question, { object: undefined, status: '' });
    expect(rules(fixed)).toEqual([missing]);
    cluster.connect(undefined);
    expect(rules(fixed)).toEqual([missing]);
  });
  test('has an object whose fields may not change', () => {
    const job = (image: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: ${image}}]}}}\n`;
    const fixed = fixture(job('new'));
    const { cluster } = fixed.project;
    cluster.connect('test');
    expect(rules(fixed)).toEqual([]);
    const [question] = cluster.takeQuestions();
    const live = (image: string): object => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once', namespace: 'default', uid: '1', resourceVersion: '1' }, spec: { suspend: false, selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': '1' } }, template: { metadata: { labels: { 'batch.kubernetes.io/controller-uid': '1' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'a', image }] } } } });
    if (question !== undefined) cluster.answer(question, { object: live('old') as Record<string, unknown>, status: '' });
    expect(rules(fixed)).toEqual([expect.stringMatching(/^FieldValueInvalid: spec.template: Invalid value: .*field is immutable$/)]);
    if (question !== undefined) cluster.answer(question, { object: live('new') as Record<string, unknown>, status: '' });
    expect(rules(fixed)).toEqual([]);
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
  expect(found('probe-port-unknown', pod('    ports: [{name: http, containerPort: 80}]\n    livenessProbe: {httpGet: {port: 81}}\n    readinessProbe: {tcpSocket: {port: 80}}\n'))).toEqual(['9:37 hint: the container does not declare port 81']);
});

test('blocks-evictions', () => {
  const budget = (spec: string): string => `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\nspec: {selector: {matchLabels: {a: b}}, ${spec}}\n`;
  expect(found('blocks-evictions', budget('maxUnavailable: 0'))).toEqual(['4:57 warning: maxUnavailable: 0 blocks every eviction of the selected pods']);
  expect(found('blocks-evictions', budget('maxUnavailable: 1'))).toEqual([]);
  const replicas = (count: number): string => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: ${count}, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}}\n`;
  expect(found('blocks-evictions', budget('minAvailable: 2') + replicas(2))).toEqual(['4:55 warning: minAvailable: 2 of 2 pods blocks every eviction of the selected pods']);
  expect(found('blocks-evictions', budget('minAvailable: 2') + replicas(3))).toEqual([]);
  expect(found('blocks-evictions', budget('minAvailable: 60%') + replicas(2))).toHaveLength(1);
  expect(found('blocks-evictions', budget('minAvailable: 2'))).toEqual([]);
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
    'main.yaml:2:7 unknown-custom-kind hint: Certificate of cert-manager.io/v1 is not built into Kubernetes, and no definition of it is known: it was not validated',
  ]);
});

test('yaml-surprise', () => {
  const text = 'apiVersion: example.com/v1\nkind: Thing\nspec:\n  a: yes\n  b: "yes"\n  c: 012\n  defaultMode: 0644\n  y: 1\n  list: [off, 1e3]\n';
  expect(found('yaml-surprise', text)).toEqual([
    '4:6 warning: Kubernetes reads yes as true (YAML 1.1)',
    '6:6 warning: Kubernetes reads 012 as 10 (YAML 1.1)',
    '8:3 warning: Kubernetes reads y as true (YAML 1.1)',
    '9:10 warning: Kubernetes reads off as false (YAML 1.1)',
    '9:15 warning: Kubernetes reads 1e3 as 1000 (YAML 1.1)',
  ]);
});
