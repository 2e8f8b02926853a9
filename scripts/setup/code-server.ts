/**
 * Installs code-server, which is VS Code in a browser, into `.tools/code-server`. Running it again takes no time.
 *
 * It is built for Node 24, has native modules, and its own dependencies are resolved a second time inside `lib/vscode`: a
 * plain `npm install` stops at optional modules that want system headers, so scripts are off and the two modules that the
 * server cannot do without are rebuilt by name.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from './commands.ts';

export const codeServerVersion = '4.139.1';
const nodeVersion = '24.21.0';

export interface CodeServer {
  /** Node's executable for it. */
  readonly node: string;
  /** Its entry script. */
  readonly entry: string;
}

/** Paths of an installed code-server; nothing is installed. */
export function codeServer(version = codeServerVersion): CodeServer {
  return { node: join(nodeFolder(), 'bin/node'), entry: join(folderOf(version), 'node_modules/code-server/out/node/entry.js') };
}

/** Installs what is missing and says each step. */
export function installCodeServer(say: (message: string) => void, version = codeServerVersion): CodeServer {
  const folder = folderOf(version);
  const done = join(folder, 'installed');
  const paths = codeServer(version);
  if (existsSync(done) && existsSync(paths.node)) return paths;
  if (!existsSync(paths.node)) {
    say(`Installing Node ${nodeVersion} for the editor`);
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, 'package.json'), '{"private":true}\n', { flag: 'a' });
    npm(tools, ['install', '--no-save', `node-${process.platform}-${process.arch}@${nodeVersion}`]);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  say(`Installing code-server ${version} (VS Code in a browser)`);
  npm(folder, ['install', `code-server@${version}`]);
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  dropUnusedDependencies(vscode);
  say('Installing its dependencies');
  npm(vscode, ['install', '--omit=dev']);
  say('Building its native modules');
  execFileSync(npmCommand, ['rebuild', '--loglevel=error', '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env: toolEnvironment(), stdio: quiet });
  writeFileSync(done, `${new Date().toISOString()}\n`);
  return paths;
}

/** The environment in which code-server and npm for it run: its own Node first, nothing of npm or VS Code inherited. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_OPTIONS$|VSCODE_|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(inherited), PATH: `${join(nodeFolder(), 'bin')}:${process.env.PATH ?? ''}`, npm_config_nodedir: nodeFolder() };
}

const npmCommand = 'npm';
const quiet: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit'];

function npm(cwd: string, args: readonly string[]): void {
  execFileSync(npmCommand, [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env: toolEnvironment(), stdio: quiet });
}

function nodeFolder(): string {
  return join(tools, `node_modules/node-${process.platform}-${process.arch}`);
}

function folderOf(version: string): string {
  return join(tools, version === codeServerVersion ? 'code-server' : `code-server-${version}`);
}

/** The runtimes of the built-in assistant are 200 MB that nobody here starts. */
function dropUnusedDependencies(vscode: string): void {
  const file = join(vscode, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string>; optionalDependencies?: Record<string, string> };
  for (const group of [manifest.dependencies, manifest.optionalDependencies ?? {}]) {
    for (const name of Object.keys(group)) if (name.startsWith('@github/copilot') || name === '@microsoft/mxc-sdk') delete group[name];
  }
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
  for (const lock of ['package-lock.json', 'npm-shrinkwrap.json']) rmSync(join(vscode, lock), { force: true });
}

if (import.meta.main) {
  const { entry } = installCodeServer((message) => console.log(message));
  console.log(`code-server is in ${entry}`);
}
