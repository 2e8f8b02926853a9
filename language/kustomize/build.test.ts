import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { filesOf, folder, splitFiles } from '../testing/files.ts';
import { build } from './build.ts';
import { sha256 } from './sha256.ts';
import { cases } from './testing/cases.ts';

function problems(kustomization: string, others = ''): readonly string[] {
  const files = filesOf(splitFiles(`=== main/kustomization.yaml\n${kustomization}\n${others}`));
  return build(`${folder}/main/kustomization.yaml`, files).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test.each(Object.entries(cases))('%s builds without complaint', (_name, source) => {
  expect(build(`${folder}/main/kustomization.yaml`, filesOf(splitFiles(source))).problems).toEqual([]);
});

describe('what is wrong is told at its field', () => {
  test.each([
    ['foo: 1', 'foo: invalid Kustomization: json: unknown field "foo"'],
    ['namePrefix: 3', 'namePrefix: invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.namePrefix of type string'],
    ['commonLabels: {a: yes}', 'commonLabels.a: invalid Kustomization: json: cannot unmarshal bool into Go struct field Kustomization.commonLabels.a of type string'],
    ['images: [{name: a, newTag: 1.2}]', 'images.0.newTag: invalid Kustomization: json: cannot unmarshal number into Go struct field Kustomization.images.0.newTag of type string'],
    ['patches: [{file: a}]', 'patches.0.file: invalid Kustomization: json: unknown field "patches.0.file"'],
    ['replicas: [{name: a, count: "2"}]', 'replicas.0.count: invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.replicas.0.count of type int64'],
    ['[]', ': invalid Kustomization: an object is expected'],
    ['resources: [nope.yaml]', 'resources.0: accumulating resources: no such file or kustomization: nope.yaml'],
    ['resources: [https://example.com/a.yaml]', 'resources.0: remote resources are not fetched: https://example.com/a.yaml'],
    ['resources: ["github.com/a/b//c?ref=v1"]', 'resources.0: remote resources are not fetched: github.com/a/b//c?ref=v1'],
    ['resources: [../main]', 'resources.0: cycle detected: main/kustomization.yaml -> main/kustomization.yaml'],
    ['components: [x]', 'components.0: accumulating components: no kustomization in x'],
    ['helmCharts: [{name: a}]', 'helmCharts: helmCharts is not supported here: charts are rendered by helm'],
    ['vars: []', 'vars: vars is not supported here: use replacements'],
    ['configMapGenerator: [{literals: [a=1]}]', 'configMapGenerator.0: a configmap must have a name'],
    ['configMapGenerator: [{name: a, behavior: merge}]', 'configMapGenerator.0: id ConfigMap/a does not exist; cannot merge or replace'],
    ['configMapGenerator: [{name: a, files: [x.txt]}]', 'configMapGenerator.0.files.0: loading KV pairs: no such file: x.txt'],
    ['secretGenerator: [{name: a, literals: [x]}]', 'secretGenerator.0.literals.0: loading KV pairs: literal sources: invalid literal source x, expected key=value'],
    ['replicas: [{name: a, count: 2}]', 'replicas.0.name: resource with name a does not match a config with the following GVK [Deployment ReplicationController ReplicaSet StatefulSet]'],
    ['patches: [{path: p.yaml}]', 'patches.0.path: unable to load patch: no such file: p.yaml'],
    ['patches: [{patch: "[]"}]', 'patches.0: must specify a target for JSON patch'],
    ['patches: [{patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"}]', 'patches.0: no resource matches strategic merge patch "ConfigMap.v1.[noGrp]/a"'],
    ['replacements: [{source: {kind: ConfigMap}}]', 'replacements.0.source: nothing selected by the source of the replacement'],
  ])('%s', (kustomization, expected) => {
    expect(problems(kustomization)).toEqual([expected]);
  });
  test('a resource that comes twice', () => {
    expect(problems('resources: [a.yaml, a.yaml]', '=== main/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')).toEqual(['resources.1: may not add resource with an already registered id: ConfigMap/a']);
  });
  test('an operation that does not apply', () => {
    const patch = `resources: [a.yaml]\npatches: [{target: {kind: ConfigMap}, patch: '[{"op": "remove", "path": "/data/x"}]'}]`;
    expect(problems(patch, '=== main/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')).toEqual([expect.stringMatching(/^patches\.0: /)]);
  });
});

test('SHA-256', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = new Uint8Array(length).map((_, index) => index * 7);
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
