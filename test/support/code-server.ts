/** Runs code-server, which is VS Code in a browser, on a fresh profile with the packaged extension in it. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installCodeServer, toolEnvironment } from '../../scripts/setup/code-server.ts';

export interface EditorOptions {
  readonly vsix: string;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Reaches the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lets the page run a test suite inside the extension host. */
  readonly testDriver?: boolean;
}

export interface Editor {
  readonly port: number;
  readonly url: string;
  /** The profile's folder: a home of its own, so that nothing of this machine is read or written. */
  readonly home: string;
  readonly log: string;
  /** Ends it at once, as a crash does. */
  kill(): void;
  stop(): Promise<void>;
}

const startTimeout = 60_000;

/** Ends the cluster that a test started in this editor, and takes away everything that it made on the engine. */
export function removeCluster(editor: Editor, name: string): void {
  const host = join(import.meta.dirname, '../../dist/cluster-host/main.cjs');
  const state = join(editor.home, '.kubicle', name);
  if (!existsSync(state)) return;
  spawnSync(process.execPath, [host, 'down', '--delete', '--name', name, '--state-dir', state], { env: { ...process.env, HOME: editor.home }, stdio: ['ignore', 'ignore', 'inherit'] });
}

export async function startEditor(options: EditorOptions): Promise<Editor> {
  const server = installCodeServer((message) => console.log(message));
  const home = mkdtempSync(join(tmpdir(), 'kubicle-editor-'));
  const userData = join(home, 'user-data');
  const settings = { 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off', 'chat.commandCenter.enabled': false, 'workbench.secondarySideBar.defaultVisibility': 'hidden', ...options.settings };
  // Its windows are remote ones: what belongs to a machine counts only where that machine's settings say it.
  for (const place of ['User', 'Machine']) {
    mkdirSync(join(userData, place), { recursive: true });
    writeFileSync(join(userData, place, 'settings.json'), JSON.stringify(settings));
  }
  const env = {
    ...toolEnvironment(),
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...options.env,
  };
  const folders = ['--user-data-dir', userData, '--extensions-dir', join(home, 'extensions'), '--config', join(home, 'config.yaml')];
  execFileSync(server.node, [server.entry, ...folders, '--install-extension', options.vsix], { env, stdio: ['ignore', 'ignore', 'inherit'] });

  const log = join(home, 'code-server.log');
  const output = openSync(log, 'a');
  const flags = ['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
  flags.push('--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened');
  if (options.testDriver === true) flags.push('--vscode-option', 'enable-smoke-test-driver');
  const child = spawn(server.node, [server.entry, ...folders, ...flags], { env, detached: true, stdio: ['ignore', output, output] });
  const port = await listening(child, log);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    home,
    log,
    kill: () => killGroup(child),
    async stop() {
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, log: string): Promise<number> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const found = /HTTP server listening on http:\/\/[^:\s]+:(\d+)/.exec(readFileSync(log, 'utf8'));
    if (found !== null) return Number(found[1]);
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`code-server did not start:\n${readFileSync(log, 'utf8')}`);
    await sleep(50);
  }
}

/** It is a tree of processes in a group of its own. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await Promise.race([gone, sleep(5000, undefined, { ref: false })]);
  killGroup(child);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // All gone already.
  }
}
