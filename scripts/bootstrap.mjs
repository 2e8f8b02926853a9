/**
 * Makes a fresh clone able to run: the right Node and the pinned dependencies. Needs nothing but Node 20 and npm, so it is
 * plain JavaScript without imports from outside Node. Repeatable; the second time it takes no time.
 */
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const wantedNode = '24.21.0';

/** Sources run under Node as they are, types stripped: that takes this version. */
function runsSources(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 0) || (major === 22 && minor >= 18);
}

function run(command, args, options) {
  const done = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status ?? done.signal}`);
}

/** Path of a Node that runs the sources: this one, or one from the package registry. */
function ensureNode() {
  if (runsSources(process.version)) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const node = join(tools, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    console.log(`Node ${process.version} is too old for the sources: fetching Node ${wantedNode} from the package registry …`);
    mkdirSync(tools, { recursive: true });
    if (!existsSync(join(tools, 'package.json'))) writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
    try {
      run('npm', ['install', '--prefix', tools, '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${wantedNode}`], { shell: process.platform === 'win32' });
    } catch (error) {
      throw new Error(`Kubicle needs Node 22.18 or newer and could not fetch one (${error.message}). Install Node 24 and run the command again.`, { cause: error });
    }
  }
  return node;
}

/** The environment in which scripts run: the right Node first on PATH, and its headers for native modules. */
function environment(node) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const headers = dirname(dirname(node));
  if (existsSync(join(headers, 'include', 'node'))) env.npm_config_nodedir = headers;
  else delete env.npm_config_nodedir;
  return env;
}

function ensureDependencies(env, nodeVersion) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(nodeVersion).digest('hex');
  const stamp = join(root, 'node_modules', '.kubicle-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing the pinned dependencies …');
  // Not `npm ci`: it refuses a lock file in which a platform's optional package could not be resolved.
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { env, shell: process.platform === 'win32' });
  writeFileSync(stamp, wanted);
}

/** Runs a TypeScript file of the project with the arguments of this process, and ends as it ends. */
export async function runScript(script) {
  let node;
  let env;
  try {
    node = ensureNode();
    env = environment(node);
    ensureDependencies(env, node === process.execPath ? process.version : wantedNode);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [join(root, script), ...process.argv.slice(2)], { stdio: 'inherit', env, cwd: root });
  // The child hears Ctrl-C itself; this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
