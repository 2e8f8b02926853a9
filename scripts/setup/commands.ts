/** Running other programs from scripts. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');
export const tools = join(root, '.tools');

/** Runs a program to its end, its output shown. Throws when it fails. */
export function run(command: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): void {
  const done = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status ?? done.signal}`);
}

/** Runs a program quietly; what it printed is shown only when it fails. */
export function runQuietly(command: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): string {
  const done = spawnSync(command, args, { encoding: 'utf8', cwd: root, maxBuffer: 64 * 1024 * 1024, ...options });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Where a program is on PATH. */
export function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Whether Debian's packages can be installed here: Debian or Ubuntu, as root. */
export function canInstallDebianPackages(): boolean {
  if (process.getuid?.() !== 0 || onPath('apt-get') === undefined) return false;
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

let updated = false;

/** Installs Debian packages of which a file is missing, by package name and the file that shows it. */
export function ensureDebianPackages(packages: Readonly<Record<string, string>>): void {
  const missing = Object.entries(packages).filter(([, program]) => onPath(program) === undefined).map(([name]) => name);
  if (missing.length === 0) return;
  if (!canInstallDebianPackages()) throw new Error(`Please install: ${missing.join(', ')} (only Debian and Ubuntu as root are set up automatically).`);
  console.log(`Installing ${missing.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!updated) runQuietly('apt-get', ['update'], { env });
  updated = true;
  runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env });
}
