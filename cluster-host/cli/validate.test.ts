import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Platform } from '../platform/platform.ts';
import { runCommandLine } from './cli.ts';

const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\n';
const bad = `---\n${good}  labls: {}\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubicle-validate-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'good.yaml'), good);
  writeFileSync(join(folder, 'sub/bad.yml'), bad);
  writeFileSync(join(folder, 'sub/pod.json'), '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": []}}');
  writeFileSync(join(folder, 'docker-compose.yml'), 'services: [');
  writeFileSync(join(folder, 'notes.txt'), 'nothing');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function validate(argv: readonly string[], stdin = ''): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ['', ''];
  const code = await runCommandLine(['validate', ...argv], {
    out: (text) => void (out += text),
    err: (text) => void (error += text),
    readInput: () => Promise.resolve(stdin),
    platform: { clock: { now: () => Date.parse('2026-01-01T00:00:00Z') } } as Platform,
    signal: new AbortController().signal,
  });
  return { code, out: out.replaceAll(folder, 'DIR'), error: error.replaceAll(folder, 'DIR') };
}

test('a folder, in an order that stays, other files left alone', async () => {
  expect(await validate([folder])).toEqual({
    code: 1,
    out: [
      'DIR/sub/bad.yml:6:3: error: unknown field "metadata.labls" [unknown-field] (ConfigMap/good)',
      'DIR/sub/pod.json:1:73: error: spec.containers: Required value [FieldValueRequired] (Pod/p)',
      '3 objects in 4 files: 2 errors, 0 warnings\n',
    ].join('\n'),
    error: '',
  });
});

test('JSON is one array, counted from 1', async () => {
  const { code, out } = await validate(['-o', 'json', join(folder, 'sub/bad.yml')]);
  expect([code, JSON.parse(out)]).toEqual([
    1,
    [{ file: 'DIR/sub/bad.yml', line: 6, column: 3, endLine: 6, endColumn: 8, severity: 'error', rule: 'unknown-field', message: 'unknown field "metadata.labls"', object: 'ConfigMap/good' }],
  ]);
  expect(JSON.parse((await validate(['-o=json', join(folder, 'good.yaml')])).out)).toEqual([]);
});

test('SARIF', async () => {
  const { out } = await validate(['--output', 'sarif', join(folder, 'sub')]);
  expect(JSON.parse(out)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'unknown-field', level: 'error', locations: [{ physicalLocation: { region: { startLine: 6 } } }] }, {}] }] });
});

test('a kustomization, with a base outside of the folder', async () => {
  mkdirSync(join(folder, 'kustomized/overlay'), { recursive: true });
  writeFileSync(join(folder, 'kustomized/map.yaml'), good);
  writeFileSync(join(folder, 'kustomized/kustomization.yaml'), 'resources: [map.yaml]\n');
  writeFileSync(join(folder, 'kustomized/overlay/kustomization.yaml'), 'resources: [..]\nnamePrefix: Bad_\n');
  const { code, out } = await validate([join(folder, 'kustomized/overlay')]);
  rmSync(join(folder, 'kustomized'), { recursive: true });
  expect([code, out]).toEqual([1, expect.stringMatching(/^DIR\/kustomized\/map\.yaml:4:9: error: metadata\.name: Invalid value: "Bad_good": .* \(built by overlay\/kustomization\.yaml\) \[FieldValueInvalid\]$/m)]);
});

test('standard input', async () => {
  expect(await validate(['-'], good)).toEqual({ code: 0, out: '1 object in 1 file: 0 errors, 0 warnings\n', error: '' });
  expect((await validate(['-'], 'a: [')).out).toContain('-:1:5: error: ');
});

test('what is named must be a manifest', async () => {
  const { code, out } = await validate([join(folder, 'notes.txt')]);
  expect([code, out]).toEqual([1, expect.stringContaining('notes.txt:1:1: error: a manifest is an object with apiVersion and kind [kind]')]);
});

test('a template that was named', async () => {
  mkdirSync(join(folder, 'templates'));
  writeFileSync(join(folder, 'templates/a.yaml'), 'kind: {{ .Values.kind }}\n');
  const { code, out } = await validate([join(folder, 'templates/a.yaml')]);
  rmSync(join(folder, 'templates'), { recursive: true });
  expect([code, out]).toEqual([0, expect.stringContaining('a.yaml:1:1: information: a template is no manifest before it is rendered')]);
});

test('files that are not there', async () => {
  const { code, error } = await validate([join(folder, 'none.yaml'), join(folder, 'good.yaml')]);
  expect([code, error]).toEqual([1, expect.stringContaining("no such file or directory, open 'DIR/none.yaml'")]);
});

test.each([[[]], [['-o', 'xml', 'a']], [['--fast', 'a']]])('wrong arguments %j', async (argv) => {
  const { code, error } = await validate(argv);
  expect([code, error]).toEqual([2, expect.stringContaining('"kubicle validate --help" tells the options')]);
});
