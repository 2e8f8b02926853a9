/**
 * The cluster of this machine as a window sees it: one state, kept true by the control channel and by the host file.
 *
 * Any number of windows may hold one of these for the same state directory: whoever starts the host, all attach to it.
 */
import type { HostFile, HostStatus, ProgressStep, RuntimeName } from '../../cluster-host/control-protocol.ts';
import { connectControl } from '../../cluster-host/control/client.ts';
import { ControlError, type ControlClient } from '../../cluster-host/control/connection.ts';
import { readHostFile, type StateDirectory } from '../../cluster-host/host/state-directory.ts';
import { nodeDisk } from '../../cluster-host/platform/node/disk.ts';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import { Signal } from '../clusters/signal.ts';
import { HostStartError, startHost } from './start-host.ts';
import { watchHostFile } from './watch-host-file.ts';

export type LocalState =
  | { readonly phase: 'stopped' }
  | { readonly phase: 'starting'; readonly step: string }
  | { readonly phase: 'running'; readonly status: HostStatus }
  | { readonly phase: 'stopping'; readonly step: string }
  | { readonly phase: 'failed'; readonly error: HostStartError };

export interface LocalClusterOptions {
  readonly node: string;
  readonly bundle: string;
  readonly name: string;
  readonly state: StateDirectory;
}

export interface StartWishes {
  readonly nodes: number;
  readonly runtime: RuntimeName;
  readonly port: number;
  readonly keep: boolean;
}

export class LocalCluster implements Disposable {
  readonly changed = new Signal();
  /** Steps of starting and stopping, as they come. */
  readonly progress = new Signal<ProgressStep>();
  options: LocalClusterOptions;
  state: LocalState = { phase: 'stopped' };
  #watcher: Disposable;
  #control: ControlClient | undefined;
  #attaching: Promise<void> | undefined;
  #disposed = false;

  constructor(options: LocalClusterOptions) {
    this.options = options;
    this.#watcher = watchHostFile(options.state, () => void this.attach());
  }

  /** Looks at another cluster from now on: the settings changed, or were not read yet. The one before is left as by a window that closes. */
  relocate(options: LocalClusterOptions): void {
    if (options.name === this.options.name && options.state.root === this.options.state.root) return;
    this.options = options;
    this.#watcher.dispose();
    this.#watcher = watchHostFile(options.state, () => void this.attach());
    this.#control?.close();
    this.#control = undefined;
    this.#become({ phase: 'stopped' });
    void (this.#attaching ?? Promise.resolve()).then(() => this.attach());
  }

  /** Attaches to a host that already runs; does nothing where none does. */
  attach(): Promise<void> {
    this.#attaching ??= this.#attach().finally(() => {
      this.#attaching = undefined;
    });
    return this.#attaching;
  }

  /** Attaches to the running host, or starts one. Rejects with a `HostStartError`, which is also the state then. */
  async start(wishes: StartWishes, signal: AbortSignal): Promise<void> {
    await this.attach();
    if (this.state.phase === 'running' || this.state.phase === 'starting') return;
    const { options } = this;
    this.#become({ phase: 'starting', step: '' });
    try {
      const host = await startHost(
        { ...options, ...wishes },
        (step) => {
          this.#become({ phase: 'starting', step: step.message });
          this.progress.fire(step);
        },
        signal,
      );
      await this.#connect(host, options);
    } catch (error) {
      const failure = error instanceof HostStartError ? error : new HostStartError('internalError', String(error));
      if (this.options === options) this.#become(failure.code === 'cancelled' ? { phase: 'stopped' } : { phase: 'failed', error: failure });
      throw failure;
    }
  }

  /** Ends the host; with `delete`, everything that it made goes too. */
  async stop(how: { readonly delete: boolean }): Promise<void> {
    await this.attach();
    if (this.#control === undefined) return;
    this.#become({ phase: 'stopping', step: '' });
    const gone = new Promise<void>((resolve) => {
      const subscription = this.changed.on(() => {
        if (this.state.phase !== 'stopped') return;
        subscription.dispose();
        resolve();
      });
    });
    await this.#control.request('host/stop', how);
    await gone;
  }

  async keep(keep: boolean): Promise<void> {
    const status = await this.#control?.request('host/keep', { keep });
    if (status !== undefined) this.#become({ phase: 'running', status });
  }

  /** Leaves the host; it ends by itself when no other window needs it and nobody asked to keep it. */
  dispose(): void {
    this.#disposed = true;
    this.#watcher.dispose();
    this.#control?.close();
  }

  async #attach(): Promise<void> {
    if (this.#control !== undefined || this.#disposed || this.state.phase === 'starting') return;
    const { options } = this;
    const host = await readHostFile(nodeDisk, options.state);
    if (host === undefined) return;
    await this.#connect(host, options).catch((error: unknown) => {
      // Nobody answers there, or somebody who is not that host: the file was left by one that was killed, and its process id is another's by now.
      if (!(error instanceof ControlError)) return;
      this.#become({ phase: 'failed', error: new HostStartError('internalError', error.message) });
    });
  }

  async #connect(host: HostFile, options: LocalClusterOptions): Promise<void> {
    const { control, status } = await connectControl(host, 'window');
    if (this.#disposed || this.options !== options) {
      control.close();
      return;
    }
    control.onNotification('host/status', (now) => {
      if (this.#control === control) this.#become({ phase: 'running', status: now });
    });
    control.onNotification('host/progress', (step) => this.#stepped(step));
    control.onClose(() => {
      if (this.#control !== control) return;
      this.#control = undefined;
      this.#become({ phase: 'stopped' });
    });
    this.#control = control;
    this.#become({ phase: 'running', status });
  }

  #stepped(step: ProgressStep): void {
    if (this.state.phase === 'stopping') this.#become({ phase: 'stopping', step: step.message });
    this.progress.fire(step);
  }

  #become(state: LocalState): void {
    if (this.#disposed) return;
    // A status that arrives while the host is on its way out changes nothing about that.
    if (this.state.phase === 'stopping' && state.phase === 'running') return;
    this.state = state;
    this.changed.fire();
  }
}
