/** A real kubectl for the tests: `KUBECTL`, or Debian's newest, or the one on PATH. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canInstallDebianPackages, onPath, runQuietly, tools } from './commands.ts';

const folder = join(tools, 'kubectl');

export function ensureKubectl(): string {
  const named = process.env.KUBECTL;
  if (named !== undefined) return named;
  const own = join(folder, 'kubectl');
  if (existsSync(own)) return own;
  if (canInstallDebianPackages()) {
    console.log('Fetching kubectl …');
    fetchFromUnstable(own);
    return own;
  }
  const found = onPath('kubectl');
  if (found === undefined) throw new Error('The tests need a kubectl: put one on PATH, or name it in KUBECTL.');
  return found;
}

/** Debian's stable kubectl is too old; the unstable suite's is taken by itself, without adding the suite to the system. */
function fetchFromUnstable(target: string): void {
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
  const sources = join(folder, 'sources.list');
  writeFileSync(sources, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${debianMirror()} sid main\n`);
  const options = [`Dir::Etc::sourcelist=${sources}`, 'Dir::Etc::sourceparts=-', `Dir::State::lists=${folder}/lists`, `Dir::Cache=${folder}/cache`, 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option]);
  runQuietly('apt-get', [...options, 'update']);
  runQuietly('apt-get', [...options, 'download', 'kubectl/sid'], { cwd: folder });
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('the download of kubectl left no package');
  runQuietly('dpkg-deb', ['-x', join(folder, archive), join(folder, 'package')]);
  cpSync(join(folder, 'package', 'usr', 'bin', 'kubectl'), target);
}

/** The mirror that this machine already uses. */
function debianMirror(): string {
  const files = ['/etc/apt/sources.list', ...readdirSync('/etc/apt/sources.list.d').map((name) => join('/etc/apt/sources.list.d', name))].filter((file) => existsSync(file));
  for (const file of files) {
    const match = /(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(readFileSync(file, 'utf8').replaceAll(/^#.*$/gm, ''));
    if (match?.[1] !== undefined) return match[1];
  }
  throw new Error('no Debian mirror is configured');
}
