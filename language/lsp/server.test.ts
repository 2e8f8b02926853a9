import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createConnection, createProtocolConnection } from 'vscode-languageserver/node';
import type { CompletionList, Diagnostic, Hover, ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { startServer } from './start.ts';

const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n  ports:\n  - port: 80\n';
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n  - name: web\n    image: web\n';

let folder: string;
let client: ProtocolConnection;
let shown: Map<string, readonly Diagnostic[]>;
let onShown: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubicle-language-'));
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(toServer, toClient));
  client = createProtocolConnection(toClient, toServer);
  shown = new Map();
  onShown = () => undefined;
  client.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    shown.set(uri, diagnostics);
    onShown();
  });
  client.onRequest('kubicle/liveObjects', () => ({ connected: true, context: 'test', objects: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-1', labels: {}, status: 'Running' }], more: 0 }));
  client.listen();
});

afterEach(async () => {
  await client.sendRequest('shutdown');
  client.dispose();
  rmSync(folder, { recursive: true });
});

async function start(options: object = {}): Promise<void> {
  const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: 'test' }];
  await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {}, workspaceFolders, initializationOptions: options });
  await client.sendNotification('initialized', {});
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

async function open(name: string, text: string): Promise<string> {
  const uri = write(name, text);
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  return uri;
}

/** Waits until the diagnostics of a file are as asked for. */
async function messages(uri: string, expected: readonly string[]): Promise<void> {
  const now = (): readonly string[] => (shown.get(uri) ?? []).map(({ code, message }) => `${code}: ${message as string}`);
  while (JSON.stringify(now()) !== JSON.stringify(expected)) await new Promise<void>((resolve) => (onShown = resolve));
}

test('diagnostics follow the keys, in this file and in others', async () => {
  write('pod.yaml', pod);
  await start();
  const uri = await open('service.yaml', service.replace('spec:', '  labls: {}\nspec:'));
  await messages(uri, ['unknown-field: unknown field "metadata.labls"']);
  await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: service.replace('app: web', 'app: wbe') }] });
  await messages(uri, ['selects-nothing: no pod in the workspace has the labels app=wbe']);
  const podUri = await open('pod.yaml', pod.replace('app: web', 'app: wbe'));
  await messages(uri, []);
  write('pod.yaml', pod);
  await client.sendNotification('textDocument/didClose', { textDocument: { uri: podUri } });
  await messages(uri, ['selects-nothing: no pod in the workspace has the labels app=wbe']);
});

test('a rule can be set, syntax left to another extension', async () => {
  await start({ yamlServedElsewhere: true, rules: { FieldValueRequired: 'off', 'unknown-field': 'hint' } });
  const uri = await open('pod.yaml', `${pod.replace('image:', 'imagee:')}---\n${pod} bad\n`.replace('name: web', 'name: other'));
  await messages(uri, ['unknown-field: unknown field "spec.containers[0].imagee"']);
  expect(shown.get(uri)?.[0]?.severity).toBe(4);
});

test('files that change or go on disk are followed', async () => {
  const uri = write('broken.yaml', pod.replace('image:', 'imagee:'));
  await start();
  await messages(uri, ['FieldValueRequired: spec.containers[0].image: Required value', 'unknown-field: unknown field "spec.containers[0].imagee"']);
  rmSync(join(folder, 'broken.yaml'));
  await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
  await messages(uri, []);
});

test('answers about an open file', async () => {
  await start();
  const uri = await open('all.yaml', `${pod}---\n${service}`);
  const at = (line: number, character: number): object => ({ textDocument: { uri }, position: { line, character } });
  const selector = await client.sendRequest<Hover>('textDocument/hover', at(17, 6));
  expect(JSON.stringify(selector.contents)).toContain('Pod/web-1');
  const field = await client.sendRequest<Hover>('textDocument/hover', at(19, 5));
  expect(field).toMatchObject({ range: { start: { line: 19, character: 4 } } });
  expect(JSON.stringify(field.contents)).toContain('The port that will be exposed by this service.');
  expect(await client.sendRequest('kubicle/documents', { uri })).toMatchObject({ documents: [{ index: 0, kind: 'Pod' }, { index: 1, kind: 'Service', range: { start: { line: 11 } } }] });
  expect(await client.sendRequest('kubicle/positions', { uri, document: 1, fields: ['spec.ports[0].port'] })).toEqual({ ranges: [{ start: { line: 19, character: 10 }, end: { line: 19, character: 12 } }] });
  expect(await client.sendRequest('textDocument/codeLens', { textDocument: { uri } })).toHaveLength(9);
});

test('completes fields by the schema of the document', async () => {
  await start();
  const uri = await open('all.yaml', `${pod}---\n${service}  - po`);
  const { items } = await client.sendRequest<CompletionList>('textDocument/completion', { textDocument: { uri }, position: { line: 20, character: 6 } });
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['port', 'targetPort', 'nodePort']));
  expect(items.find(({ label }) => label === 'port')?.textEdit).toMatchObject({ range: { start: { line: 20, character: 4 } } });
});

test('leaves files of others alone', async () => {
  await start();
  const uri = await open('docker-compose.yml', 'services:\n  web: [\n');
  const other = await open('pod.yaml', `${pod}  restart: Always\n`);
  await messages(other, ['unknown-field: unknown field "spec.restart"']);
  expect(shown.has(uri)).toBe(false);
  expect(await client.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 3 } })).toBeNull();
  expect(await client.sendRequest('textDocument/codeLens', { textDocument: { uri } })).toEqual([]);
});

test('quick fixes mend what is found', async () => {
  await start();
  const uri = await open('pod.yaml', pod.replace('image:', 'imagee:'));
  await messages(uri, ['FieldValueRequired: spec.containers[0].image: Required value', 'unknown-field: unknown field "spec.containers[0].imagee"']);
  const range = shown.get(uri)?.[1]?.range;
  const [action] = await client.sendRequest<readonly { readonly title: string; readonly edit: object }[]>('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [] } });
  expect(action).toMatchObject({ title: 'Change to image', edit: { changes: { [uri]: [{ newText: 'image' }] } } });
  const twice = await open('twice.yaml', `${pod}---\n${pod}`);
  const atName = { start: { line: 3, character: 8 }, end: { line: 3, character: 8 } };
  expect(await client.sendRequest('textDocument/codeAction', { textDocument: { uri: twice }, range: atName, context: { diagnostics: [] } })).toMatchObject([
    { title: 'Ignore defined-twice on this line', edit: { changes: { [twice]: [{ newText: ' # kubicle-ignore: defined-twice', range: { start: { line: 3, character: 11 } } }] } } },
  ]);
});

test('asks the cluster for definitions and for what is missed', async () => {
  const live = new Map<string, object>();
  const definitions: object[] = [];
  let version = 0;
  client.onRequest('kubicle/definitions', ({ known }: { known: string }) => ({ connected: true, context: 'test', version: String(version), ...(known === String(version) ? {} : { definitions }) }));
  client.onRequest('kubicle/liveObject', ({ kind, name }: { kind: string; name?: string }) => ({ connected: true, context: 'test', object: live.get(`${kind}/${name}`) ?? null, status: '1/1 ready' }));
  await start({ rulePages: 'file:///pages' });
  const uri = await open('pod.yaml', `${pod}    envFrom: [{configMapRef: {name: settings}}]\n---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {}\n`);
  const custom = 'unknown-custom-kind: Thing of example.com/v1 is not built into Kubernetes, and no definition of it is known: it was not validated';
  const lens = async (title: string): Promise<void> => {
    const titles = (await client.sendRequest<readonly { readonly command: { readonly title: string } }[]>('textDocument/codeLens', { textDocument: { uri } })).map(({ command }) => command.title);
    if (!titles.includes(title)) await lens(title);
  };
  await lens('not in test');
  await messages(uri, ['dangling-reference: ConfigMap "settings" is not defined in the workspace', custom]);
  expect(shown.get(uri)?.[0]?.codeDescription).toEqual({ href: 'file:///pages/dangling-reference.md' });
  live.set('ConfigMap/settings', {});
  live.set('Thing/a', {});
  await client.sendNotification('kubicle/clusterChanged', {});
  await messages(uri, [custom]);
  await lens('1/1 ready');
  version = 1;
  definitions.push({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec: { group: 'example.com', scope: 'Cluster', names: { plural: 'things', kind: 'Thing' }, versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] } } } } }] } });
  live.delete('Thing/a');
  await client.sendNotification('kubicle/clusterChanged', {});
  await messages(uri, ['FieldValueRequired: spec.size: Required value']);
});

test('renders charts where it may', async () => {
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'web/templates'), { recursive: true });
  // Stands for helm: prints what it would.
  writeFileSync(join(folder, 'bin/helm'), '#!/bin/sh\nprintf -- "---\\n# Source: web/templates/pod.yaml\\napiVersion: v1\\nkind: Pod\\nmetadata:\\n  name: release\\nspec:\\n  containers: []\\n"\n', { mode: 0o755 });
  write('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  const path = process.env['PATH'];
  process.env['PATH'] = `${join(folder, 'bin')}:${path}`;
  try {
    await start({ mayRunPrograms: true });
    const uri = await open('web/templates/pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  containers: {{ toYaml .Values.containers }}\n');
    await messages(uri, ['FieldValueRequired: spec.containers: Required value (rendered by helm)']);
    expect(shown.get(uri)?.[0]?.range).toEqual({ start: { line: 5, character: 2 }, end: { line: 5, character: 45 } });
  } finally {
    process.env['PATH'] = path;
  }
});
