/**
 * Port forwards of this window. A forward belongs to a Service, a workload or a pod, not to a connection: each new TCP
 * connection looks for a ready pod of it now, so that it survives pods that come and go, and the host. What was started is
 * remembered until it is stopped, and starts again, as what the settings declare does, when its cluster is there in a new window.
 * One whose local port is taken waits for it, and says so. No `vscode` here.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import type { Connection } from '../clusters/connection.ts';
import { Signal } from '../clusters/signal.ts';
import { until } from '../clusters/until.ts';
import { startForward, type Forward, type ForwardTarget } from '../clusters/streams/port-forward.ts';
import { t } from '../l10n.ts';
import { findTarget, targetResources, type ForwardRef } from './target.ts';

export interface ForwardEntry extends ForwardRef {
  readonly id: string;
  readonly context: string;
  readonly localPort: number;
  /** False while another program has the local port. */
  readonly listening: boolean;
  /** Open TCP connections. */
  readonly connections: number;
  /** Why it does not listen, or the last connection failed; gone with the next one that works. */
  readonly problem: string | undefined;
}

/** What is remembered of a forward. */
export interface ForwardWish extends ForwardRef {
  readonly context: string;
  readonly localPort: number;
}

/** What outlives the window. */
export interface ForwardMemory {
  get(): readonly ForwardWish[];
  set(wishes: readonly ForwardWish[]): void;
}

/** A forward of the settings; without a context it is for every cluster that has such an object. */
export type DeclaredForward = Omit<ForwardWish, 'context'> & { readonly context?: string };

interface Running {
  entry: ForwardEntry;
  forward?: Forward;
  retry?: NodeJS.Timeout;
}

const firstRetry = 1000;
const longestRetry = 30_000;
/** How long a connection waits for a pod that is ready. */
const targetPatience = 15_000;

export class Forwards implements Disposable {
  readonly changed = new Signal();
  readonly #running = new Map<string, Running>();
  readonly #connection: (context: string) => Connection | undefined;
  readonly #memory: ForwardMemory;
  readonly #declared: () => readonly DeclaredForward[];
  /** Contexts whose forwards were started again in this window. */
  readonly #restored = new Set<string>();

  constructor(connection: (context: string) => Connection | undefined, memory: ForwardMemory, declared: () => readonly DeclaredForward[] = () => []) {
    this.#connection = connection;
    this.#memory = memory;
    this.#declared = declared;
  }

  get entries(): readonly ForwardEntry[] {
    return [...this.#running.values()].map(({ entry }) => entry);
  }

  /** Starts a forward, or gives the one that is there. Rejects with Node's `EADDRINUSE` when a wanted local port is taken. */
  async start(connection: Connection, ref: ForwardRef, localPort: number): Promise<ForwardEntry> {
    const id = idOf(connection.context, ref);
    const known = this.#running.get(id);
    if (known?.entry.listening === true) return known.entry;
    const forward = await this.#listen(id, connection.context, ref, localPort);
    clearTimeout(known?.retry);
    const entry = this.#add(id, { ...ref, context: connection.context, localPort: forward.port }, forward);
    this.#remember();
    return entry;
  }

  /** Starts what is remembered or declared of a cluster that is there, once a window. */
  async restore(connection: Connection): Promise<void> {
    const { context } = connection;
    if (connection.state.phase !== 'connected' || this.#restored.has(context)) return;
    this.#restored.add(context);
    const remembered = this.#memory.get().filter((wish) => wish.context === context);
    const declared = this.#declared().filter((wish) => (wish.context ?? context) === context).map((wish) => ({ ...wish, context }));
    await Promise.all([...remembered, ...declared].map((wish) => this.#keep(wish, firstRetry)));
  }

  /** Listens as soon as the local port is free: nothing is lost because another program was first. */
  async #keep(wish: ForwardWish, pause: number): Promise<void> {
    const { context, localPort, ...ref } = wish;
    const id = idOf(context, ref);
    const known = this.#running.get(id);
    if (known?.entry.listening === true || (known === undefined && pause > firstRetry)) return;
    try {
      this.#add(id, wish, await this.#listen(id, context, ref, localPort));
    } catch (error) {
      const running: Running = { entry: { ...wish, id, listening: false, connections: 0, problem: sentenceOf(error, localPort) } };
      running.retry = setTimeout(() => void this.#keep(wish, Math.min(pause * 2, longestRetry)), pause);
      running.retry.unref();
      this.#running.set(id, running);
      this.changed.fire();
    }
  }

  #listen(id: string, context: string, ref: ForwardRef, localPort: number): Promise<Forward> {
    // After a restart of the host the same context has a new connection.
    const current = (): Connection => {
      const connection = this.#connection(context);
      if (connection === undefined) throw new Error(t('The cluster "{0}" is not open.', context));
      return connection;
    };
    return startForward(() => current().endpoint, localPort, {
      target: async () => {
        const target = await this.#target(current(), ref);
        this.#update(id, { problem: undefined });
        return target;
      },
      connections: (open) => this.#update(id, { connections: open }),
      failed: (problem) => this.#update(id, { problem }),
    });
  }

  /** A ready pod; where there is none, one that becomes ready soon. */
  async #target(connection: Connection, ref: ForwardRef): Promise<ForwardTarget> {
    await Promise.all(targetResources.map((resource) => connection.synced(resource)));
    let found: ForwardTarget | undefined;
    await until(connection, () => (found = findTarget(connection, ref)) !== undefined, { limit: targetPatience });
    if (found === undefined) throw new Error(t('{0} {1} has no ready pod.', ref.kind, ref.name));
    return found;
  }

  #add(id: string, wish: ForwardWish, forward: Forward): ForwardEntry {
    const entry = { ...wish, id, listening: true, connections: 0, problem: undefined };
    this.#running.set(id, { entry, forward });
    this.changed.fire();
    return entry;
  }

  stop(id: string): void {
    this.#end(this.#running.get(id));
    this.#running.delete(id);
    this.#remember();
    this.changed.fire();
  }

  dispose(): void {
    for (const running of this.#running.values()) this.#end(running);
    this.#running.clear();
  }

  #end(running: Running | undefined): void {
    clearTimeout(running?.retry);
    running?.forward?.close();
  }

  /** Those of clusters that were not there yet stay remembered. */
  #remember(): void {
    const others = this.#memory.get().filter(({ context }) => !this.#restored.has(context));
    const declared = new Set(this.#declared().flatMap((wish) => [...this.#restored].map((context) => idOf(wish.context ?? context, wish))));
    const wishes = this.entries.filter(({ id }) => !declared.has(id)).map(({ kind, namespace, name, port, context, localPort }) => ({ kind, namespace, name, port, context, localPort }));
    this.#memory.set([...others.filter((other) => !wishes.some((wish) => isDeepStrictEqual(wish, other))), ...wishes]);
  }

  #update(id: string, change: Partial<ForwardEntry>): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.entry = { ...running.entry, ...change };
    this.changed.fire();
  }
}

function idOf(context: string, { kind, namespace, name, port }: ForwardRef): string {
  return createHash('sha1').update(JSON.stringify([context, kind, namespace, name, port])).digest('hex');
}

function sentenceOf(error: unknown, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return t('Port {0} of this machine is taken by another program; tried again.', port);
  return code === 'EACCES' ? t('Port {0} of this machine is not ours to take.', port) : message;
}
