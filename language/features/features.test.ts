import { describe, expect, test } from 'vitest';
import type { LiveObjectsQuery } from '../messages.ts';
import { findingLines, fixture } from '../testing/fixture.ts';
import { codeLenses } from './code-lenses.ts';
import { definitionsAt, referencesAt } from './definition.ts';
import { documentsOf, rangesOfFields } from './documents.ts';
import { folds } from './folding.ts';
import { hoverAt } from './hover.ts';
import { prepareRename, rename } from './rename.ts';
import { documentSymbols, workspaceSymbols } from './symbols.ts';

const deployment = (name: string, labels: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: ${labels}
  template:
    metadata:
      labels: ${labels}
    spec:
      containers: [{name: main, image: web, ports: [{name: http, containerPort: 80}]}]
`;

const service = (selector: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: ${selector}
  ports: [{port: 80, targetPort: http}]
`;

async function hover(source: string): Promise<string | undefined> {
  const { context, position } = fixture(source);
  return (await hoverAt(context, position))?.markdown;
}

describe('hover on selectors', () => {
  test('says what a Service selects, with links', async () => {
    expect(await hover(`${service('{a<|>pp: web}')}---\n${deployment('web', '{app: web, tier: x}')}---\n${deployment('other', '{app: other}')}`)).toBe(
      'Selects each **Pod** in its namespace whose label `app` is `web`.\n\nIn the workspace:\n\n- [Deployment/web](file:///workspace/main.yaml#L12,9) \u2014 main.yaml',
    );
  });
  test.each([
    ['{matchLabels: {a: b}, matchExpressions: [{key: c, operator: In, values: [d, e]}]}', 'Selects each **Pod** in its namespace whose label `a` is `b` and label `c` is `d` or `e`.'],
    ['{matchExpressions: [{key: a, operator: NotIn, values: [b]}, {key: c, operator: Exists}, {key: d, operator: DoesNotExist}]}', 'Selects each **Pod** in its namespace whose label `a` is missing or not `b` and label `c` is set and label `d` is not set.'],
    ['{}', 'An empty selector selects **every Pod** in its namespace.'],
    ['{matchExpressions: [{key: a, operator: I}]}', 'An empty selector selects **every Pod** in its namespace.'],
  ])('in words: %s', async (selector, words) => {
    const budget = `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\nspec:\n  se<|>lector: ${selector}\n`;
    expect((await hover(budget))?.split('\n')[0]).toBe(words);
  });
  test('of peers, affinity, spread and node selectors', async () => {
    const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\nspec:\n${spec}`;
    expect(await hover(pod('  nodeSelector: {disk<|>: ssd}'))).toBe('Selects each **Node** whose label `disk` is `ssd`.');
    expect(await hover(pod('  topologySpreadConstraints:\n  - labelSelector: {matchLabels: {a<|>: b}}'))).toMatch(/^Selects each \*\*Pod\*\* in namespace `shop` whose label `a` is `b`/);
    expect(await hover(pod('  affinity:\n    podAffinity:\n      requiredDuringSchedulingIgnoredDuringExecution:\n      - labelSelector: {matchLabels: {a: b<|>}}'))).toContain('label `a` is `b`');
    expect(await hover('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {te<|>am: a}}')).toContain('each **Namespace** whose label `team` is `a`');
  });
  test('namespaces keep apart', async () => {
    const inNamespace = (text: string, namespace: string): string => text.replace('metadata:\n', `metadata:\n  namespace: ${namespace}\n`);
    expect(await hover(`${inNamespace(service('{app<|>: web}'), 'a')}---\n${inNamespace(deployment('web', '{app: web}'), 'b')}`)).toContain('Nothing in the workspace matches.');
  });
  test('asks the cluster', async () => {
    const queries: LiveObjectsQuery[] = [];
    const { context, position } = fixture(service('{app: we<|>b, tier: x}'), (query) => {
      queries.push(query);
      return Promise.resolve({ connected: true, context: 'kubicle', objects: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace: 'default', labels: {}, status: 'Running' }], more: 3 });
    });
    expect((await hoverAt(context, position))?.markdown).toContain('In cluster `kubicle`:\n\n- Pod/web-1 in `default` \u2014 Running\n- \u2026 and 3 more');
    expect(queries).toEqual([{ apiVersion: 'v1', kind: 'Pod', labelSelector: 'app=web,tier=x', limit: 10 }]);
  });
  test('on a label: who asks for it', async () => {
    expect(await hover(`${service('{app: web}')}---\n${deployment('web', '{app: web}').replace('labels: {app', 'labels: {a<|>pp')}`)).toBe(
      'Label `app` is asked for by:\n\n- [Service/web](file:///workspace/main.yaml#L6,3) \u2014 main.yaml\n- [Deployment/web](file:///workspace/main.yaml#L14,3) \u2014 main.yaml',
    );
  });
  test('elsewhere there is nothing to say', async () => {
    expect(await hover('services:\n  web:\n    sele<|>ctor: {a: b}')).toBeUndefined();
    expect(await hover('')).toBeUndefined();
  });
});

describe('definition and references', () => {
  const files = `=== pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: web}}
spec:
  volumes: [{name: v, configMap: {name: settings}}]
  containers:
  - {name: c, image: i, envFrom: [{secretRef: {name: keys}}], env: [{name: A, valueFrom: {configMapKeyRef: {name: sett<|>ings, key: a}}}]}
=== config.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: b}
---
apiVersion: v1
kind: Secret
metadata: {name: settings}
`;
  test('of a name', () => {
    const { context, position, textAt } = fixture(files);
    const definitions = definitionsAt(context, position);
    expect(definitions.map((place) => [place.uri, textAt(place)])).toEqual([['file:///workspace/config.yaml', 'settings']]);
    expect(referencesAt(context, position, true).map((place) => place.uri.slice(-8))).toEqual(['fig.yaml', 'pod.yaml', 'pod.yaml']);
  });
  test.each([
    ['volumeMounts: [{name: da<|>ta, mountPath: /d}]', '5: data'],
    ['livenessProbe: {httpGet: {port: ht<|>tp}}', '6: http'],
  ])('of a part of the pod: %s', (field, expected) => {
    const { context, position, textAt } = fixture(`apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes: [{name: data, emptyDir: {}}]\n  containers: [{name: a, ports: [{name: http, containerPort: 80}], ${field}}]\n`);
    expect(definitionsAt(context, position).map((place) => `${place.range.start.line + 1}: ${textAt(place)}`)).toEqual([expected]);
  });
  test.each([
    ['resources: [../ba<|>se]', 'file:///workspace/base/kustomization.yaml'],
    ['resources: [web.y<|>aml]', 'file:///workspace/over/web.yaml'],
    ['patches:\n- path: p.ya<|>ml', 'file:///workspace/over/p.yaml'],
    ['configMapGenerator: [{name: a, files: [k=sub/x.t<|>xt]}]', 'file:///workspace/over/sub/x.txt'],
  ])('of what a kustomization names: %s', (kustomization, expected) => {
    const { context, position } = fixture(`=== over/kustomization.yaml\n${kustomization}\n`);
    expect(definitionsAt(context, position).map(({ uri }) => uri)).toEqual([expected]);
  });
  test('of a selector', () => {
    const { context, position, textAt } = fixture(`${service('{app: w<|>eb}')}---\n${deployment('web', '{app: web}')}`);
    expect(definitionsAt(context, position).map((place) => [place.range.start.line, textAt(place)])).toEqual([[17, 'app']]);
  });
  test('of a label', () => {
    const { context, position } = fixture(`${service('{app: web}')}---\n${deployment('web', '{app: web}').replace('labels: {app', 'labels: {a<|>pp')}`);
    expect(referencesAt(context, position, false).map(({ range }) => range.start.line)).toEqual([5, 14]);
  });
});

describe('rename', () => {
  function renamed(source: string, newText: string): readonly string[] | string {
    const { context, position, textAt } = fixture(source);
    const answer = rename(context, position, newText);
    if ('refused' in answer) return answer.refused;
    return answer.edits.flatMap(({ uri, edits }) => edits.map((edit) => `${edit.range.start.line + 1}: ${textAt({ uri, range: edit.range })} -> ${edit.newText}`));
  }
  test('a label value, with its selectors', () => {
    const source = `${service('{app: w<|>eb}')}---\n${deployment('web', '{app: web}')}---\n${deployment('other', '{app: other}')}`;
    expect(renamed(source, 'shop')).toEqual(['6: web -> shop', '18: web -> shop', '15: web -> shop']);
    expect(renamed(source, 'yes')).toEqual(['6: web -> "yes"', '18: web -> "yes"', '15: web -> "yes"']);
    expect(renamed(source, 'a b')).toContain('a valid label must be an empty string or consist of');
  });
  test('a label key', () => {
    expect(renamed(service('{<|>app: web}'), 'app.kubernetes.io/name')).toEqual(['6: app -> app.kubernetes.io/name']);
  });
  test('an object, with what names it', () => {
    const source = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sett<|>ings\n---\napiVersion: v1\nkind: Pod\nspec:\n  volumes: [{name: settings, configMap: {name: settings}}]';
    expect(renamed(source, 'other')).toEqual(['4: settings -> other', '9: settings -> other']);
    const { context, position } = fixture(source);
    expect(prepareRename(context, position)?.text).toBe('settings');
  });
  test('refuses elsewhere', () => {
    expect(renamed('apiVersion: v1\nkind: Po<|>d', 'x')).toBe('There is no name or label to rename here.');
  });
});

describe('documents', () => {
  const source = `services: {}\n---\n${service('{app: web}')}---\napiVersion: v1\nkind: Pod\n`;
  test('lenses stand above named objects', () => {
    expect(codeLenses(fixture(source).context).map(({ title, range, argument }) => `${range.start.line} ${title} ${argument.document}`)).toEqual(['2 Apply 1', '2 Diff 1', '2 Forward 1', '2 Delete 1']);
  });
  test('are listed with their places in the file', () => {
    const { context } = fixture(source);
    expect(documentsOf(context).map(({ index, kind, name }) => [index, kind, name])).toEqual([[1, 'Service', 'web'], [2, 'Pod', '']]);
    expect(rangesOfFields(context, 1, ['spec.ports[0].port', 'spec.type', 'nothing']).map(({ start }) => [start.line, start.character])).toEqual([[8, 17], [6, 0], [2, 0]]);
    expect(rangesOfFields(context, 9, ['a'])).toEqual([{ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }]);
  });
  test('items of a list are objects without lenses of their own', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web}\n  spec: {selector: {ap<|>p: web}}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: web, labels: {app: web}}\n`;
    expect(await hover(list)).toContain('- [Pod/web](file:///workspace/main.yaml#L10,20)');
    const { context } = fixture(list);
    expect([codeLenses(context), documentsOf(context).map(({ kind }) => kind)]).toEqual([[], ['List']]);
  });
  test('fold by documents, maps and lists', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b\n\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n';
    expect(folds(fixture(text).context).map(({ startLine, endLine }) => `${startLine}-${endLine}`)).toEqual(['0-6', '3-6', '4-6', '5-6', '9-12', '11-12']);
    expect(folds(fixture('services:\n  web:\n    image: a\n').context)).toEqual([]);
  });
  test('symbols', () => {
    const { context, project } = fixture(source);
    const outline = documentSymbols(context);
    expect(outline.map(({ name }) => name)).toEqual(['Service/web', 'Pod/(no name)']);
    expect(outline[0]?.children.map(({ name, detail }) => `${name} ${detail}`.trim())).toEqual(['apiVersion v1', 'kind Service', 'metadata', 'spec']);
    expect(workspaceSymbols(project.index, 'svcweb', 10).map(({ name }) => name)).toEqual(['Service/web']);
  });
});

describe('other files are left alone', () => {
  test.each([
    ['a compose file', 'services:\n  web: [\n'],
    ['a workflow', 'on: push\non: pull\njobs: {'],
    ['a kustomization', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml, a.yaml\n'],
    ['a Helm template', '=== chart/templates/a.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n{{- if .Values.x }}\n  labels: {}\n{{- end }}\n'],
    ['a chart', '=== Chart.yaml\napiVersion: v2\nname: x\nname: y\n'],
  ])('%s', (_name, source) => {
    expect(findingLines(fixture(source))).toEqual([]);
  });
  test('patches of a kustomization, as long as it names them', () => {
    const patch = '=== over/patch.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n';
    const run = fixture(`${patch}=== over/kustomization.yaml\nkind: Kustomization\npatches: [{path: patch.yaml}]\n`);
    expect([findingLines(run).filter((line) => line.startsWith('over/patch.yaml')), codeLenses(run.context)]).toEqual([[], []]);
    run.project.remove('file:///workspace/over/kustomization.yaml');
    expect(findingLines(run).length).toBeGreaterThan(0);
    expect(codeLenses(run.context).length).toBeGreaterThan(0);
  });
  test('a half-typed manifest is ours', () => {
    expect(findingLines(fixture('apiVersion: v1\nkind: Pod\nmetadata:\n  name: [x\n')).length).toBeGreaterThan(0);
  });
});
