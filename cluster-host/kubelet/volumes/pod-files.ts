/**
 * Contract of the kubelet's files: folders of pods, volumes with the atomic `..data` link, checks of host paths. One
 * implementation works on the disk (`edges/pod-disk.ts`), one does nothing (`nothing`), for runtimes that mount nothing.
 *
 * Every path that comes back is absolute and may be handed to the runtime as a mount.
 */
import type { VolumeFiles } from './payload.ts';

export interface Ownership {
  /** Group that may write and that new files belong to; left out: nobody but the owner. */
  readonly group: number | undefined;
}

export interface PodFiles {
  /** Uids of the pods that have a folder. */
  pods(): Promise<readonly string[]>;
  /** A folder of the pod for an emptyDir, writable for everybody. Made once, kept as it is afterwards. */
  emptyFolder(uid: string, volume: string, ownership: Ownership): Promise<string>;
  /** Files of a volume, replaced as a whole: a reader sees the old or the new ones. `plugin`: `configmap`, `secret`, `downward-api`, `projected`. */
  payload(uid: string, plugin: string, volume: string, files: VolumeFiles, ownership: Ownership): Promise<string>;
  /** A plain file of the pod: `etc-hosts`, `resolv.conf`. */
  file(uid: string, name: string, text: string): Promise<string>;
  /** An empty file for the container's termination message. */
  terminationLog(uid: string, container: string, attempt: number): Promise<string>;
  /** What the container wrote there, up to `limit` bytes; undefined where there is no file. */
  readTerminationLog(uid: string, container: string, attempt: number, limit: number): Promise<string | undefined>;
  /** Checks a hostPath against its type, making what the type says is made. Resolves with what is wrong. */
  hostPath(path: string, type: string): Promise<string | undefined>;
  /** A path inside a volume, made as a folder where there is nothing; rejects where it leads out of the volume. */
  subPath(volumePath: string, subPath: string): Promise<string>;
  /** The text of a file inside a volume; undefined where there is none, or where it lies outside of the volume. */
  readInside(volumePath: string, path: string): Promise<string | undefined>;
  /** A seccomp profile of the node, as JSON, by its path below the folder of profiles; undefined where there is none. */
  seccompProfile(path: string): Promise<string | undefined>;
  /** Where everything of the pod lies. */
  podFolder(uid: string): string;
  /** Rejects with code `EACCES` or `EPERM` where a container left what the host's user may not remove. */
  removePod(uid: string): Promise<void>;
}

export const noFiles: PodFiles = {
  pods: () => Promise.resolve([]),
  emptyFolder: (uid, volume) => Promise.resolve(`/${uid}/${volume}`),
  payload: (uid, _plugin, volume) => Promise.resolve(`/${uid}/${volume}`),
  file: (uid, name) => Promise.resolve(`/${uid}/${name}`),
  terminationLog: (uid, container, attempt) => Promise.resolve(`/${uid}/${container}/${attempt}`),
  readTerminationLog: () => Promise.resolve(undefined),
  hostPath: () => Promise.resolve(undefined),
  subPath: (volumePath, subPath) => Promise.resolve(`${volumePath}/${subPath}`),
  readInside: () => Promise.resolve(undefined),
  seccompProfile: () => Promise.resolve('{}'),
  podFolder: (uid) => `/${uid}`,
  removePod: () => Promise.resolve(),
};
