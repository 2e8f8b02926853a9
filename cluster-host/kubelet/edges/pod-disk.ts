/** The kubelet's files on the machine's disk, under `<root>/pods/<uid>/`, laid out as the kubelet does. */
import { chmod, chown, lstat, mkdir, readdir, readlink, realpath, rename, rm, stat, symlink, unlink, writeFile, open, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Clock } from '../../platform/platform.ts';
import type { VolumeFiles } from '../volumes/payload.ts';
import type { Ownership, PodFiles } from '../volumes/pod-files.ts';

/** Name of the link that is switched from one version of the files to the next. */
const dataLink = '..data';

export function podDisk(root: string, clock: Clock): PodFiles {
  const pods = join(root, 'pods');
  const volumePath = (uid: string, plugin: string, volume: string): string => join(pods, uid, 'volumes', `kubernetes.io~${plugin}`, volume);
  const logPath = (uid: string, container: string, attempt: number): string => join(pods, uid, 'containers', container, String(attempt));
  return {
    pods: () => readdir(pods).catch(missing([])),
    async emptyFolder(uid, volume, ownership) {
      const path = volumePath(uid, 'empty-dir', volume);
      if (await exists(path)) return path;
      await mkdir(path, { recursive: true });
      await chmod(path, 0o777);
      await give(path, ownership, 0o2777);
      return path;
    },
    async payload(uid, plugin, volume, files, ownership) {
      const path = volumePath(uid, plugin, volume);
      await mkdir(path, { recursive: true });
      await chmod(path, 0o777);
      await give(path, ownership, 0o2777);
      await writeAtomically(path, files, ownership, clock.now());
      return path;
    },
    async file(uid, name, text) {
      const path = join(pods, uid, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { mode: 0o644 });
      return path;
    },
    async terminationLog(uid, container, attempt) {
      const path = logPath(uid, container, attempt);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, '');
      // Whatever user the container runs as writes here.
      await chmod(path, 0o666);
      return path;
    },
    readTerminationLog: (uid, container, attempt, limit) => readStart(logPath(uid, container, attempt), limit),
    hostPath: checkHostPath,
    subPath: resolveSubPath,
    readInside,
    seccompProfile: (path) => readFile(join(root, 'seccomp', ...path.split('/').filter((part) => part !== '..')), 'utf8').catch(missing(undefined)),
    podFolder: (uid) => join(pods, uid),
    removePod: (uid) => rm(join(pods, uid), { recursive: true, force: true }),
  };
}

function missing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(() => true, missing(false));
}

/** A host that does not run as root cannot give files away: they stay its own, and everybody may read them. */
async function give(path: string, { owner, group }: Ownership & { readonly owner?: number | undefined }, mode: number): Promise<void> {
  if (owner === undefined && group === undefined) return;
  try {
    await chown(path, owner ?? -1, group ?? -1);
    await chmod(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    await chmod(path, mode | 0o044);
  }
}

/**
 * The files go into a new folder, then the `..data` link is switched to it in one step; the names that users see are links
 * through `..data`. Nothing is written where nothing changed.
 */
async function writeAtomically(volume: string, files: VolumeFiles, ownership: Ownership, now: number): Promise<void> {
  const link = join(volume, dataLink);
  const old = await readlink(link).catch(missing(undefined));
  if (old !== undefined && (await holds(join(volume, old), files))) return;
  const version = await newVersion(volume, now);
  const folder = join(volume, version);
  for (const [path, { content, mode, owner }] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, content);
    // A group of the pod's reads what the owner may.
    const asked = ownership.group === undefined ? mode : mode | 0o040;
    await chmod(file, asked);
    await give(file, { ...ownership, owner }, asked);
  }
  await give(folder, ownership, 0o2755);
  await symlink(version, `${link}_tmp`);
  await rename(`${link}_tmp`, link);
  await linkNames(volume, new Set([...files.keys()].map((path) => path.split('/')[0] ?? path)));
  if (old !== undefined) await rm(join(volume, old), { recursive: true, force: true });
}

/** `..2026_11_23_19_37_00.1461780953`. */
async function newVersion(volume: string, now: number): Promise<string> {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '_');
  for (let number = (now % 1000) * 1_000_000; ; number++) {
    const name = `..${stamp}.${number}`;
    try {
      await mkdir(join(volume, name), { mode: 0o755 });
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function linkNames(volume: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of names) if (!(await exists(join(volume, name)))) await symlink(`${dataLink}/${name}`, join(volume, name));
  for (const name of await readdir(volume)) if (!name.startsWith('..') && !names.has(name)) await unlink(join(volume, name));
}

async function holds(folder: string, files: VolumeFiles): Promise<boolean> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(missing([]));
  if (found.filter((entry) => entry.isFile()).length !== files.size) return false;
  for (const [path, { content }] of files) {
    const present = await readFile(join(folder, path)).catch(missing(undefined));
    if (present === undefined || !present.equals(content)) return false;
  }
  return true;
}

async function readStart(path: string, limit: number): Promise<string | undefined> {
  const file = await open(path).catch(missing(undefined));
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

type Checked = 'isDirectory' | 'isFile' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice';
const checks: Readonly<Record<string, { readonly is: Checked; readonly what: string }>> = {
  Directory: { is: 'isDirectory', what: 'a directory' },
  DirectoryOrCreate: { is: 'isDirectory', what: 'a directory' },
  File: { is: 'isFile', what: 'a file' },
  FileOrCreate: { is: 'isFile', what: 'a file' },
  Socket: { is: 'isSocket', what: 'a socket file' },
  CharDevice: { is: 'isCharacterDevice', what: 'a character device' },
  BlockDevice: { is: 'isBlockDevice', what: 'a block device' },
};

async function checkHostPath(path: string, type: string): Promise<string | undefined> {
  const found = await stat(path).catch(missing(undefined));
  const check = checks[type];
  if (found !== undefined) return check === undefined || found[check.is]() ? undefined : `hostPath type check failed: ${path} is not ${check.what}`;
  // Without a type a path that is not there becomes a folder, as the engine makes it.
  if (type === '' || type === 'DirectoryOrCreate') await mkdir(path, { recursive: true, mode: 0o755 });
  else if (type === 'FileOrCreate') await writeFile(path, '', { mode: 0o644 });
  else return `hostPath type check failed: ${path} is not ${check?.what ?? 'there'}`;
  return undefined;
}

async function readInside(volumePath: string, path: string): Promise<string | undefined> {
  const [root, file] = await Promise.all([realpath(volumePath), realpath(join(volumePath, path))].map((found) => found.catch(missing(undefined))));
  if (root === undefined || file === undefined || !file.startsWith(root + sep)) return undefined;
  return readFile(file, 'utf8').catch(missing(undefined));
}

async function resolveSubPath(volumePath: string, subPath: string): Promise<string> {
  const wanted = join(volumePath, subPath);
  const root = await realpath(volumePath);
  if (!(await stat(wanted).then(() => true, missing(false)))) {
    await mkdir(wanted, { recursive: true });
    await chmod(wanted, (await stat(volumePath)).mode & 0o7777);
  }
  const real = await realpath(wanted);
  if (real !== root && !real.startsWith(root + sep)) throw new Error(`subPath "${subPath}" leads out of the volume`);
  return real;
}
