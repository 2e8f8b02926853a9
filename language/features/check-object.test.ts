import { expect, test } from 'vitest';
import { parseYamlDocument } from '../syntax/document.ts';
import { CustomKinds } from '../schema/custom-kinds.ts';
import { checkObject } from './check-object.ts';

/** What is marked for the first finding, and what its first fix puts there. */
function first(text: string): { readonly marked: string; readonly rule: string; readonly becomes: string | undefined } | undefined {
  const [finding] = checkObject(parseYamlDocument(text), new CustomKinds(), Date.parse('2026-01-01T00:00:00Z'));
  return finding && { marked: text.slice(finding.span.start, finding.span.end), rule: finding.rule, becomes: finding.fixes?.[0]?.edits[0]?.newText };
}

const pod = (container: string, rest = ''): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: a, ${container}}\n${rest}`;

test.each([
  ['an unknown field', pod('imgae: a, image: b'), { marked: 'imgae', rule: 'unknown-field', becomes: 'image' }],
  ['a value of a list of values', pod('image: a, imagePullPolicy: Neverr'), { marked: 'Neverr', rule: 'FieldValueNotSupported', becomes: 'Never' }],
  ['an unknown kind', 'apiVersion: v1\nkind: Pdo\n', { marked: 'Pdo', rule: 'kind', becomes: 'Pod' }],
  ['a volume that is not there', pod('image: a, volumeMounts: [{name: dta, mountPath: /a}]', '  volumes: [{name: data, emptyDir: {}}]\n'), { marked: 'dta', rule: 'FieldValueNotFound', becomes: 'data' }],
  ['a number where a text must be', pod('image: a, env: [{name: A, value: 1e3}]'), { marked: '1e3', rule: 'type', becomes: '"1e3"' }],
  [
    'a template that its selector misses',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: wbe}}, spec: {containers: [{name: a, image: a}]}}\n',
    { marked: 'labels', rule: 'FieldValueInvalid', becomes: 'web' },
  ],
  ['a required field, at what lacks it', pod('tty: true'), { marked: '{name: a, tty: true}', rule: 'FieldValueRequired', becomes: undefined }],
  ['a label value', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {good: a, bad: b c}}\n', { marked: 'b c', rule: 'FieldValueInvalid', becomes: undefined }],
  ['a label key', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {b c: good}}\n', { marked: 'b c', rule: 'FieldValueInvalid', becomes: undefined }],
  ['a field that another was filled in from', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: 1.2.3, ports: [{port: 80}]}\n', { marked: '1.2.3', rule: 'FieldValueInvalid', becomes: undefined }],
])('%s', (_what, text, expected) => {
  expect(first(text)).toEqual(expected);
});

test('a good object has nothing to mend', () => {
  expect(first(pod('image: a'))).toBeUndefined();
});
