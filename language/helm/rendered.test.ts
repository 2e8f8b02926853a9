import { expect, test } from 'vitest';
import { CustomKinds } from '../schema/custom-kinds.ts';
import { checkRendered, templateError } from './rendered.ts';

const templates: Readonly<Record<string, string>> = {
  'web/templates/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  {{- with .Values.selector }}\n  selector: {{ toYaml . | nindent 4 }}\n  {{- end }}\n  ports:\n  - port: {{ .Values.port }}\n    protocl: TCP\n',
};
const template = (path: string): string | undefined => templates[path];

test('findings stand at the lines that made them', () => {
  const output = '---\n# Source: web/templates/service.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: Web\nspec:\n  selector:\n    app: a b\n  ports:\n  - port: 0\n    protocl: TCP\n---\n# Source: web/charts/db/templates/x.yaml\nkind: X\n';
  const found = [...checkRendered({ output, template }, new CustomKinds(), 0)].flatMap(([path, findings]) => findings.map(({ range, rule, message }) => `${path}:${range.start.line + 1}:${range.start.character + 1} ${rule} ${message.slice(0, 39)}`));
  expect(found).toEqual([
    'web/templates/service.yaml:11:5 unknown-field unknown field "spec.ports[0].protocl" (',
    expect.stringMatching(/^web\/templates\/service\.yaml:4:3 FieldValueInvalid metadata\.name: Invalid value/),
    expect.stringMatching(/^web\/templates\/service\.yaml:10:3 FieldValueInvalid spec\.ports\[0\]\.port: Invalid val/),
    expect.stringMatching(/^web\/templates\/service\.yaml:10:3 FieldValueInvalid spec\.ports\[0\]\.targetPort/),
    expect.stringMatching(/^web\/templates\/service\.yaml:7:3 FieldValueInvalid spec\.selector: Invalid value/),
  ]);
});

test('an error of the rendering stands at the line that it names', () => {
  expect([...templateError('Error: parse error at (web/templates/service.yaml:10): unclosed action\n', template)]).toMatchObject([['web/templates/service.yaml', [{ range: { start: { line: 9, character: 2 } }, message: 'parse error at (web/templates/service.yaml:10): unclosed action' }]]]);
  expect([...templateError('Error: no such chart', template)]).toEqual([]);
});
