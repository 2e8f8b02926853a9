import { describe, expect, test } from 'vitest';
import { completionsAt } from '../features/completion/completion.ts';
import { findingLines, fixture } from '../testing/fixture.ts';
import { clusterSource } from './custom-kinds.ts';
import { customJsonSchema } from './custom-schema.ts';

const strict = `
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [schedule]
            x-kubernetes-validations:
            - {rule: '!has(self.replicas) || self.replicas <= 5', message: too many replicas}
            properties:
              schedule: {type: string, pattern: '^[0-9]+', description: When it runs.}
              replicas: {type: integer, minimum: 1, default: 1}
              mode: {type: string, enum: [Fast, Slow]}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true}`;
const open = ' {type: object, x-kubernetes-preserve-unknown-fields: true}';

const definition = (schema = strict): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: backups.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: backups, kind: Backup}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:${schema}
`;

const backup = (spec: string): string => `apiVersion: example.com/v1\nkind: Backup\nmetadata: {name: nightly}\nspec: ${spec}\n`;
const files = (spec: string): string => `=== backup.yaml\n${backup(spec)}=== crd.yaml\n${definition()}`;
const lines = (source: string): readonly string[] => findingLines(fixture(source)).map((line) => line.replace('backup.yaml:', ''));

describe('a CustomResourceDefinition of the workspace', () => {
  test('judges its objects as the API server does', () => {
    expect(lines(files('{schedule: "5", replicas: 2, any: {thing: 1}}'))).toEqual([]);
    expect(lines(files('{shedule: x, mode: Quick, replicas: "a"}'))).toEqual([
      '1:1 FieldValueInvalid error: <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      '4:1 FieldValueRequired error: spec.schedule: Required value',
      '4:8 unknown-field error: unknown field "spec.shedule"',
      '4:26 FieldValueNotSupported error: spec.mode: Unsupported value: "Quick": supported values: "Fast", "Slow"',
      '4:43 FieldValueTypeInvalid error: spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
    ]);
  });
  test('with its rules', () => {
    expect(lines(files('{schedule: "5", replicas: 9}'))).toEqual(['4:1 FieldValueInvalid error: spec: Invalid value: too many replicas']);
  });
  test('that comes, changes and goes is followed', () => {
    const { project } = fixture(`=== backup.yaml\n${backup('{}')}`);
    const found = (): readonly string[] => project.findings('file:///workspace/backup.yaml').map(({ rule }) => rule);
    expect(found()).toEqual(['unknown-custom-kind']);
    project.update('file:///workspace/crd.yaml', definition(), { open: false });
    expect(found()).toContain('FieldValueRequired');
    project.update('file:///workspace/crd.yaml', definition(open), { open: false });
    expect(found()).toEqual([]);
    project.remove('file:///workspace/crd.yaml');
    expect(found()).toEqual(['unknown-custom-kind']);
  });
  test('in another version', () => {
    expect(lines(files('{}').replace('example.com/v1\n', 'example.com/v2\n'))).toEqual(['1:13 api-not-served warning: Backup is served as example.com/v1; its fields may differ from those of example.com/v2']);
  });
  test('half-typed, it defines nothing yet', () => {
    expect(lines(files('{}').replace(/ {2}versions:[^]*/, '')).filter((line) => line.includes('Backup of'))).toHaveLength(1);
  });
  test('offers its kind', async () => {
    const { context, position } = fixture(`=== new.yaml\napiVersion: example.com/v1\nkind: B<|>\n=== crd.yaml\n${definition()}`);
    expect((await completionsAt(context, position))?.items.map(({ label }) => label)).toEqual(['Backup']);
  });
});

test('the workspace has its way over the cluster', () => {
  const { project } = fixture(`=== backup.yaml\n${backup('{}')}`);
  project.customKinds.set(clusterSource, [{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'backups', kind: 'Backup' }, versions: [{ name: 'v1', served: true }] } }]);
  expect(project.findings('file:///workspace/backup.yaml')).toEqual([]);
  project.update('file:///workspace/crd.yaml', definition(), { open: false });
  expect(project.findings('file:///workspace/backup.yaml').map(({ rule }) => rule)).toContain('FieldValueRequired');
});

test('documentation and types of fields', () => {
  const { project } = fixture(`=== crd.yaml\n${definition()}`);
  const kind = project.customKinds.find({ group: 'example.com', version: 'v1', kind: 'Backup' });
  expect(kind && customJsonSchema(kind)).toMatchObject({
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      kind: { const: 'Backup' },
      metadata: { properties: { labels: {} } },
      spec: {
        additionalProperties: false,
        properties: {
          schedule: { type: 'string', markdownDescription: '`schedule`: string, required, matches `^[0-9]+`\n\nWhen it runs.' },
          replicas: { default: 1, markdownDescription: '`replicas`: integer, default `1`\n\n' },
          mode: { enum: ['Fast', 'Slow'] },
        },
      },
    },
  });
});
