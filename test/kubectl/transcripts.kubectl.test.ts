/** Every transcript, played by a real kubectl: those of `simulated` against a cluster that models its containers, those of `docker` against a real engine. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { finished, TestCluster } from '../support/kubicle.ts';
import { matchesTranscript, parseTranscript, printedLines } from './transcript.ts';

const folder = join(import.meta.dirname, 'transcripts');

/** A shell in a folder of its own, whose kubectl works in a namespace of its own. */
class Shell implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubicle-transcript-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor(kubeconfig: string) {
    const config = join(this.#folder, 'config');
    copyFileSync(kubeconfig, config);
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

describe.each([
  { runtime: 'simulated', nodes: 2 },
  { runtime: 'docker', nodes: 1 },
] as const)('$runtime', ({ runtime, nodes }) => {
  const cluster = new TestCluster('transcripts', runtime);
  beforeAll(async () => {
    if (runtime === 'docker') await ensureSampleImages();
    await cluster.up('--nodes', String(nodes));
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test.concurrent.each(readdirSync(join(folder, runtime)))('%s', async (file) => {
    const namespace = basename(file, '.txt');
    using shell = new Shell(cluster.kubeconfig);
    await shell.run(`kubectl create namespace ${namespace} && kubectl config set-context --current --namespace=${namespace}`);
    for (const { command, printed, line } of parseTranscript(readFileSync(join(folder, runtime, file), 'utf8'))) {
      const actual = await shell.run(command);
      // Compared as they stand only to show where they differ.
      if (!matchesTranscript(printed, actual)) expect(actual, `${file}, line ${line}: ${command}`).toEqual(printed);
    }
  });
});
