/** Serves the editor to a browser on this machine until Ctrl-C. */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runQuietly, tools } from '../setup/commands.ts';
import { installCodeServer, toolEnvironment } from '../setup/code-server.ts';

export interface EditorOptions {
  readonly vsix: string;
  readonly workspace: string;
}

/** A tidy first sight: the workspace's README instead of a welcome page, no assistant beside it. The person may change each. */
const firstSettings = {
  'workbench.startupEditor': 'readme',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
};

function ensureSettings(user: string): void {
  const file = join(user, 'User', 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(firstSettings, null, 2)}\n`);
}

/** Prints the editor's address; resolves when the person ended it. */
export async function serveEditor({ vsix, workspace }: EditorOptions): Promise<void> {
  const { node, entry } = installCodeServer((message) => console.log(`${message} …`));
  const data = join(tools, 'editor');
  ensureSettings(join(data, 'user'));
  const folders = ['--user-data-dir', join(data, 'user'), '--extensions-dir', join(data, 'extensions')];
  const env = { ...toolEnvironment(), EXTENSIONS_GALLERY: '{"serviceUrl":""}', XDG_DATA_HOME: data, XDG_CONFIG_HOME: data, XDG_CACHE_HOME: data };
  runQuietly(node, [entry, ...folders, '--install-extension', vsix, '--force'], { env });
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'];
  const args = [entry, ...folders, ...quiet, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--config', join(data, 'config.yaml')];
  // A process group of its own: it is a tree of processes, ended as one.
  const server = spawn(node, args, { env, detached: true, stdio: ['ignore', 'pipe', openSync(join(data, 'editor.log'), 'a')] }) as ChildProcessByStdio<null, Readable, null>;
  process.on('SIGINT', () => endGroup(server));
  process.on('SIGTERM', () => endGroup(server));
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /HTTP server listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      console.log(`\nThe editor is at ${address.replace(/\/$/, '')}/?folder=${encodeURIComponent(workspace)}\nCtrl-C ends it and the cluster.`);
    }
  }
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
}
