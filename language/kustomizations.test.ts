import { describe, expect, test } from 'vitest';
import { definitionsAt } from './features/definition.ts';
import { findingLines, fixture } from './testing/fixture.ts';

const deployment = (container: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - ${container}
`;

function lines(source: string): readonly string[] {
  return findingLines(fixture(source));
}

describe('a built kustomization', () => {
  test('has its mistakes at the line that wrote them', () => {
    expect(
      lines(`=== base/kustomization.yaml
resources: [web.yaml]
=== base/web.yaml
${deployment('{name: a, image: a}')}=== prod/kustomization.yaml
resources: [../base]
namespace: Prod
patches:
- path: patch.yaml
- patch: '[{"op": "add", "path": "/spec/template/spec/containers/0/imagePullPolicy", "value": "Sometimes"}]'
  target: {kind: Deployment}
=== prod/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: -1
  stategy: {}
`),
    ).toEqual([
      'base/web.yaml:3:1 FieldValueInvalid error: metadata.namespace: Invalid value: "Prod": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or \'-\', and must start and end with an alphanumeric character (e.g. \'my-name\',  or \'123-abc\', regex used for validation is \'[a-z0-9]([-a-z0-9]*[a-z0-9])?\') (built by prod/kustomization.yaml)',
      'prod/kustomization.yaml:5:3 FieldValueNotSupported error: spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never" (built by prod/kustomization.yaml)',
      'prod/patch.yaml:5:13 FieldValueInvalid error: spec.replicas: Invalid value: -1: must be greater than or equal to 0 (built by prod/kustomization.yaml)',
      'prod/patch.yaml:6:3 unknown-field error: unknown field "spec.stategy" (built by prod/kustomization.yaml)',
    ]);
  });
  test('has those of a JSON patch at its operation', () => {
    const base = `=== kustomization.yaml\nresources: [web.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n=== web.yaml\n${deployment('{name: a, image: a}')}`;
    expect(lines(`${base}=== patch.yaml\n- op: add\n  path: /spec/replicas\n  value: two\n`)).toEqual([expect.stringMatching(/^patch\.yaml:3:10 type error: .*int32 \(built by/)]);
  });
  test('gives a manifest what it lacks', () => {
    const base = `=== base/kustomization.yaml\nresources: [web.yaml]\n=== base/web.yaml\n${deployment('{name: a}')}`;
    const missing = 'base/web.yaml:10:9 FieldValueRequired error: spec.template.spec.containers[0].image: Required value';
    expect(lines(base)).toEqual([missing]);
    const patch = `=== prod/kustomization.yaml\nresources: [../base]\npatches: [{patch: '${JSON.stringify([{ op: 'add', path: '/spec/template/spec/containers/0/image', value: 'a' }])}', target: {kind: Deployment}}]\n`;
    expect(lines(base + patch)).toEqual([]);
    expect(lines(`${base}${patch}=== test/kustomization.yaml\nresources: [../base]\n`)).toEqual([missing]);
  });
  test('tells what it cannot build', () => {
    expect(lines('=== kustomization.yaml\nresources: [nope.yaml\n')).toEqual([expect.stringMatching(/^kustomization\.yaml:2:1 yaml error: /)]);
    expect(lines('=== kustomization.yaml\nresources:\n- nope.yaml\n- https://example.com/a.yaml\n')).toEqual([
      'kustomization.yaml:2:3 kustomization error: accumulating resources: no such file or kustomization: nope.yaml',
      'kustomization.yaml:3:3 kustomization information: remote resources are not fetched: https://example.com/a.yaml',
    ]);
  });
});

test('references find what a kustomization generates', () => {
  const source = `=== kustomization.yaml\nconfigMapGenerator: [{name: settings, literals: [color=red]}]\n=== web.yaml\n${deployment('{name: a, image: a, env: [{name: A, valueFrom: {configMapKeyRef: {name: sett<|>ings, key: colour}}}]}')}`;
  const { context, position, textAt } = fixture(source);
  expect(definitionsAt(context, position).map((place) => [place.uri.slice(-18), textAt(place)])).toEqual([['kustomization.yaml', 'settings']]);
  expect(lines(source.replace('<|>', ''))).toEqual(['web.yaml:10:96 dangling-reference information: ConfigMap "settings" has no key "colour"']);
});
