/**
 * A shell in the network of the engine's host, for whoever may use the engine: a container without a network of its own, with
 * CAP_NET_ADMIN alone, on an empty image, whose commands are the host's own, mounted read-only. It lives as long as we are
 * attached to it, so that a change costs no start of a container.
 */
import type { Duplex } from 'node:stream';
import { demultiplex } from '../../engine/demultiplex.ts';
import { clusterLabel, type Engine } from '../../engine/engine.ts';
import { isEngineError } from '../../engine/errors.ts';
import { importImage } from '../../engine/images.ts';
import { ProxyError } from '../backend.ts';

/** Runs scripts that come as their length and their text; a mark and the exit code end the output of each. */
const loop = `while read -r length; do head -c "$length" | /bin/sh 2>&1; printf '\\004%s\\n' "$?"; done`;
// oxlint-disable-next-line no-control-regex -- the mark is chosen because it stands in no output
const finished = /^([^\u0004]*)\u0004(\d+)\n/;
const hostFolders = ['/bin', '/sbin', '/usr', '/lib', '/lib64'];

interface Run {
  readonly resolve: (output: string) => void;
  readonly reject: (error: Error) => void;
}

export class HostHelper {
  readonly #engine: Engine;
  readonly #cluster: string;
  readonly #name: string;
  #connection: Promise<Duplex> | undefined;
  #open: Duplex | undefined;
  #waiting: Run[] = [];

  constructor(engine: Engine, cluster: string) {
    this.#engine = engine;
    this.#cluster = cluster;
    this.#name = `${cluster}-proxy`;
  }

  /**
   * Runs a shell script and resolves with what it printed; scripts run one after the other. Rejects with `Refused` when the
   * engine does not allow the helper, with `RulesRefused` and the output when the script fails, with `Lost` when the helper
   * ends meanwhile. The next call starts it again.
   */
  async run(script: string): Promise<string> {
    this.#connection ??= this.#start().catch((error: unknown) => {
      this.#connection = undefined;
      throw new ProxyError('Refused', `the Docker Engine does not let Kubicle into the network of its host: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    const connection = await this.#connection;
    const bytes = Buffer.from(script);
    return await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      connection.write(Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]));
    });
  }

  /** Ends the helper; its container removes itself. */
  async stop(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    connection?.end();
  }

  async #start(): Promise<Duplex> {
    const image = await importImage(this.#engine, { repository: 'kubicle/empty', files: [], changes: ['LABEL dev.kubicle.image=empty'] });
    const id = await this.#create(image, hostFolders).catch(async (error: unknown) => {
      if (!isEngineError(error, 'Conflict')) throw error;
      // One that a killed host left behind: it is about to end anyway.
      await this.#remove();
      return await this.#create(image, hostFolders);
    });
    try {
      const connection = await this.#engine.hijack(`/containers/${id}/attach`, { query: { stream: true, stdin: true, stdout: true, stderr: true } });
      // The end of the connection is told by its output; nobody else need hear of it.
      connection.on('error', () => undefined);
      this.#open = connection;
      void this.#listen(connection);
      await this.#engine.call('POST', `/containers/${id}/start`);
      return connection;
    } catch (error) {
      // A container that never ran does not remove itself.
      await this.#remove();
      throw error;
    }
  }

  async #create(image: string, folders: readonly string[]): Promise<string> {
    const body = {
      Image: image,
      Cmd: ['/bin/sh', '-c', loop],
      Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
      Labels: { [clusterLabel]: this.#cluster },
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: {
        NetworkMode: 'host',
        AutoRemove: true,
        CapDrop: ['ALL'],
        CapAdd: ['NET_ADMIN'],
        LogConfig: { Type: 'none' },
        // The settings of the bridge are files of /proc/sys.
        MaskedPaths: [],
        ReadonlyPaths: [],
        Mounts: folders.map((folder) => ({ Type: 'bind', Source: folder, Target: folder, ReadOnly: true })),
      },
    };
    try {
      const { Id } = await this.#engine.call<{ Id: string }>('POST', '/containers/create', { query: { name: this.#name }, body });
      return Id;
    } catch (error) {
      // Which folders a host has depends on its distribution and architecture.
      const missing = folders.find((folder) => error instanceof Error && error.message.endsWith(`bind source path does not exist: ${folder}`));
      if (missing === undefined) throw error;
      return await this.#create(image, folders.filter((folder) => folder !== missing));
    }
  }

  async #remove(): Promise<void> {
    await this.#engine.call('DELETE', `/containers/${this.#name}`, { query: { force: true } }).catch(() => undefined);
    await this.#engine.call('POST', `/containers/${this.#name}/wait`, { query: { condition: 'removed' } }).catch(() => undefined);
  }

  async #listen(connection: Duplex): Promise<void> {
    let text = '';
    try {
      for await (const { bytes } of demultiplex(connection)) {
        text += Buffer.from(bytes).toString();
        for (let result = finished.exec(text); result !== null; result = finished.exec(text)) {
          const [whole, output = '', code] = result;
          text = text.slice(whole.length);
          const run = this.#waiting.shift();
          if (code === '0') run?.resolve(output);
          else run?.reject(new ProxyError('RulesRefused', output.trim()));
        }
      }
    } catch {
      // The connection broke; what waits is told below.
    }
    // Meanwhile another one may have been started.
    if (this.#open !== connection) return;
    this.#connection = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(new ProxyError('Lost', `the helper in the host's network ended${text === '' ? '' : `: ${text.trim()}`}`));
  }
}
