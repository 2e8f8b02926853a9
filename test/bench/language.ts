/** The language server as an editor uses it: first diagnostics, a keystroke, a workspace of 2,000 files, its memory. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { ProtocolConnection, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { parseAllDocuments } from 'yaml';
import { serverNodeArguments } from '../../language/messages.ts';
import { runCommandLine } from '../../cluster-host/cli/cli.ts';
import type { Platform } from '../../cluster-host/platform/platform.ts';
import { Project } from '../../language/project.ts';
import { residentMemory } from './host.ts';
import { median, printRow, timed } from './report.ts';

const bundle = join(import.meta.dirname, '../../dist/language/server.js');

const runs = 7;

const container = (index: number): string => `        - name: c${index}\n          image: web\n          ports:\n            - name: p${index}\n              containerPort: ${1024 + index}\n          env:\n            - name: A\n              value: "b"\n`;
const deployment = (name: string, containers: number): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 3\n  selector:\n    matchLabels: {app: ${name}}\n  template:\n    metadata:\n      labels: {app: ${name}}\n    spec:\n      containers:\n${Array.from({ length: containers }, (_, index) => container(index)).join('')}`;
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector: {app: ${name}}\n  ports: [{port: 80}]\n`;
const pair = (name: string): string => `${deployment(name, 1)}---\n${service(name)}`;
/** With a mistake at the end, so that there is a diagnostic to wait for. */
const thousandLines = `${Array.from({ length: 34 }, (_, index) => pair(`web-${index}`)).join('---\n')}  typo: 1\n`;

export async function benchLanguage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kubicle-bench-'));
  try {
    await benchFirstDiagnostics(folder);
    benchKeystroke();
    await benchWorkspace(folder);
    await benchValidate(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchFirstDiagnostics(folder: string): Promise<void> {
  const [times, floors]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    floors.push(await timed(() => Promise.resolve(parseAllDocuments(thousandLines))));
    const start = performance.now();
    await using server = await startServer(folder);
    await server.open('thousand.yaml', thousandLines);
    times.push(performance.now() - start);
  }
  printRow({ name: `spawn to first diagnostics, ${thousandLines.split('\n').length} lines`, value: median(times), unit: 'ms', floor: median(floors), floorName: 'only parsing it' });
}

function benchKeystroke(): void {
  const text = deployment('web', 123);
  const project = new Project(() => 0);
  const times = Array.from({ length: 200 }, (_, index) => {
    const started = performance.now();
    project.update('file:///a.yaml', text.replace('replicas: 3', `replicas: ${index}`), { open: true });
    project.findings('file:///a.yaml');
    return performance.now() - started;
  });
  const sorted = times.slice(20).toSorted((a, b) => a - b);
  printRow({ name: 'diagnostics of a keystroke, one document of 1,000 lines, p95', value: sorted[Math.floor(sorted.length * 0.95)] ?? 0, unit: 'ms' });
}

async function benchWorkspace(folder: string): Promise<void> {
  for (let index = 0; index < 2000; index += 1) writeFileSync(join(folder, `${index}.yaml`), pair(`web-${index}`));
  writeFileSync(join(folder, 'zz-last.yaml'), `${service('last')}  typo: 1\n`);
  const started = performance.now();
  await using server = await startServer(folder);
  await server.diagnosed('zz-last.yaml');
  printRow({ name: 'spawn to the diagnostics of 2,000 files', value: (performance.now() - started) / 1000, unit: 's' });
  printRow({ name: 'memory of the language server on them', value: server.memory(), unit: 'MiB' });
}

/** As many files and resources as kubeconform's readme measures itself with: 50,714 in 35,139 files, 6.7 s on 4 cores. */
const validated = { files: 35_139, resources: 50_714, published: 50_714 / (6.7 * 4) };

async function benchValidate(folder: string): Promise<void> {
  for (let index = 0; index < validated.files; index += 1) {
    const parent = join(folder, 'many', String(index % 100));
    if (index < 100) mkdirSync(parent, { recursive: true });
    writeFileSync(join(parent, `${index}.yaml`), index < validated.resources - validated.files ? pair(`web-${index}`) : deployment(`web-${index}`, 1));
  }
  const before = process.cpuUsage();
  let output = '';
  const io = { out: (text: string) => void (output += text), err: () => undefined, readInput: () => Promise.resolve(''), platform: { clock: { now: () => 0 } } as Platform, signal: new AbortController().signal };
  const code = await runCommandLine(['validate', join(folder, 'many')], io);
  const { user, system } = process.cpuUsage(before);
  if (code !== 0 || !output.includes(`${validated.resources} objects`)) throw new Error(`kubicle validate ended with ${code}: ${output.slice(-200)}`);
  printRow({ name: `kubicle validate, ${validated.resources} objects in ${validated.files} files, objects a second of one core`, value: validated.resources / ((user + system) / 1e6), unit: '/s', floor: validated.published, floorName: "kubeconform's published" });
}

interface Server extends AsyncDisposable {
  /** Opens a file and waits for its first diagnostics. */
  open(name: string, text: string): Promise<void>;
  diagnosed(name: string): Promise<void>;
  /** Resident memory in MiB. */
  memory(): number;
}

async function startServer(folder: string): Promise<Server> {
  const child = spawn(process.execPath, [...serverNodeArguments, bundle, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const client: ProtocolConnection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const shown = new Set<string>();
  let onShown = (): void => undefined;
  client.onNotification('textDocument/publishDiagnostics', ({ uri }: PublishDiagnosticsParams) => {
    shown.add(uri);
    onShown();
  });
  client.listen();
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }] });
  await client.sendNotification('initialized', {});
  const diagnosed = async (name: string): Promise<void> => {
    while (!shown.has(uriOf(name))) await new Promise<void>((resolve) => (onShown = resolve));
  };
  return {
    diagnosed,
    async open(name, text) {
      await client.sendNotification('textDocument/didOpen', { textDocument: { uri: uriOf(name), languageId: 'yaml', version: 1, text } });
      await diagnosed(name);
    },
    memory: () => residentMemory(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      await client.sendRequest('shutdown');
      await client.sendNotification('exit');
      client.dispose();
    },
  };
}
