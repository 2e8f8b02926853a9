/** Every transcript beside this file, played by a real kubectl against a cluster that models its containers. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Kubectl } from '../support/kubectl.ts';
import { finished, TestCluster } from '../support/kubicle.ts';
import { matchesTranscript, parseTranscript, printedLines } from './transcript.ts';

const folder = join(import.meta.dirname, 'transcripts');
const cluster = new TestCluster('transcripts', 'simulated');

beforeAll(() => cluster.up('--nodes', '2'));
afterAll(() => cluster[Symbol.asyncDispose]());

/** A shell in a folder of its own, whose kubectl works in a namespace of its own. */
class Shell implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubicle-transcript-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    const config = join(this.#folder, 'config');
    copyFileSync(cluster.kubeconfig, config);
    const kubectl = process.env['KUBECTL'];
    const path = [...(kubectl === undefined ? [] : [dirname(kubectl)]), process.env['PATH'] ?? ''].join(delimiter);
    this.#env = { ...process.env, PATH: path, KUBECONFIG: config, KUBE_EDITOR: '', TZ: 'UTC' };
  }

  async run(command: string): Promise<readonly string[]> {
    const { out, code } = await finished(spawn('sh', ['-c', `exec 2>&1\n${command}`], { cwd: this.#folder, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] }));
    return printedLines(out, code);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

test.concurrent.each(readdirSync(folder))('%s', async (file) => {
  const namespace = basename(file, '.txt');
  using shell = new Shell();
  await new Kubectl(cluster.kubeconfig).run('create', 'namespace', namespace);
  await shell.run(`kubectl config set-context --current --namespace=${namespace}`);
  for (const { command, printed, line } of parseTranscript(readFileSync(join(folder, file), 'utf8'))) {
    const actual = await shell.run(command);
    // Compared as they stand only to show where they differ.
    if (!matchesTranscript(printed, actual)) expect(actual, `${file}, line ${line}: ${command}`).toEqual(printed);
  }
});
