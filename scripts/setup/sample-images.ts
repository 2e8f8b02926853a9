/** Images of the sample workspace, made on the spot out of a static busybox: they need no registry. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine } from '../../cluster-host/engine/http-engine.ts';
import type { Engine } from '../../cluster-host/engine/engine.ts';
import { ensureDebianPackages, onPath } from './commands.ts';

/** Repository and tag of each, with the command that it runs unless a manifest says another. */
const images = [
  { repository: 'kubicle-sample/web', tag: '1', command: ['httpd', '-f', '-v', '-p', '8080', '-h', '/www'] },
  { repository: 'kubicle-sample/worker', tag: '1', command: ['sh'] },
] as const;

export async function ensureSampleImages(): Promise<void> {
  const engine = connectEngine();
  try {
    const present = await Promise.all(images.map(({ repository, tag }) => hasImage(engine, `${repository}:${tag}`)));
    const missing = images.filter((_, index) => present[index] !== true);
    if (missing.length === 0) return;
    console.log('Making the images of the sample …');
    const archive = rootFileSystem();
    for (const { repository, tag, command } of missing) {
      const changes = [`CMD ${JSON.stringify(command)}`, 'ENV PATH=/bin', 'WORKDIR /'];
      for await (const line of await engine.stream('POST', '/images/create', { query: { fromSrc: '-', repo: repository, tag, changes }, body: archive })) void line;
    }
  } finally {
    engine.dispose();
  }
}

async function hasImage(engine: Engine, reference: string): Promise<boolean> {
  try {
    await engine.call('GET', `/images/${reference}/json`);
    return true;
  } catch {
    return false;
  }
}

/** A tar archive of a file system with busybox and its applets. */
function rootFileSystem(): Buffer {
  ensureDebianPackages({ 'busybox-static': 'busybox' });
  const busybox = onPath('busybox');
  if (busybox === undefined) throw new Error('The images of the sample are made of a static busybox: please install one.');
  const folder = mkdtempSync(join(tmpdir(), 'kubicle-sample-'));
  try {
    for (const name of ['bin', 'etc', 'tmp', 'www', 'root']) mkdirSync(join(folder, name));
    copyFileSync(busybox, join(folder, 'bin', 'busybox'));
    for (const applet of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n')) {
      if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(folder, 'bin', applet));
    }
    writeFileSync(join(folder, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    writeFileSync(join(folder, 'etc', 'group'), 'root:x:0:\n');
    return execFileSync('tar', ['-c', '-C', folder, '--owner=0', '--group=0', '.'], { maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
