/**
 * Port forwards of this window. A forward belongs to a Service, a workload or a pod, not to a connection: each new TCP
 * connection looks for a ready pod of it now, so that it survives pods that come and go, and the host. What was started is
 * remembered until it is stopped, and starts again when its cluster is there after a reload of the window. No `vscode` here.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../cluster-host/platform/platform.ts';
import type { Connection } from '../clusters/connection.ts';
import { Signal } from '../clusters/signal.ts';
import { startForward, type Forward } from '../clusters/streams/port-forward.ts';
import { resolveTarget, type ForwardRef } from './target.ts';

export interface ForwardEntry extends ForwardRef {
  readonly id: string;
  readonly context: string;
  readonly localPort: number;
  /** Open TCP connections. */
  readonly connections: number;
  /** Why the last connection failed; gone with the next one that works. */
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

export class Forwards implements Disposable {
  readonly changed = new Signal();
  readonly #running = new Map<string, { entry: ForwardEntry; readonly forward: Forward }>();
  readonly #connection: (context: string) => Connection | undefined;
  readonly #memory: ForwardMemory;
  /** Contexts whose forwards were started again in this window. */
  readonly #restored = new Set<string>();

  constructor(connection: (context: string) => Connection | undefined, memory: ForwardMemory) {
    this.#connection = connection;
    this.#memory = memory;
  }

  get entries(): readonly ForwardEntry[] {
    return [...this.#running.values()].map(({ entry }) => entry);
  }

  /** Starts a forward, or gives the one that is there. Rejects with Node's `EADDRINUSE` when a wanted local port is taken. */
  async start(connection: Connection, ref: ForwardRef, localPort: number): Promise<ForwardEntry> {
    const id = createHash('sha1').update(JSON.stringify([connection.context, ref.kind, ref.namespace, ref.name, ref.port])).digest('hex');
    const known = this.#running.get(id);
    if (known !== undefined) return known.entry;
    const { context } = connection;
    // After a restart of the host the same context has a new connection.
    const current = (): Connection => this.#connection(context) ?? connection;
    const forward = await startForward(() => current().endpoint, localPort, {
      target: async () => {
        const target = await resolveTarget(current(), ref);
        this.#update(id, { problem: undefined });
        return target;
      },
      connections: (open) => this.#update(id, { connections: open }),
      failed: (problem) => this.#update(id, { problem }),
    });
    const entry: ForwardEntry = { ...ref, id, context, localPort: forward.port, connections: 0, problem: undefined };
    this.#running.set(id, { entry, forward });
    this.#remember();
    this.changed.fire();
    return entry;
  }

  /** Starts what is remembered of a cluster that is there, once a window. A port that is taken is another window's by now. */
  async restore(connection: Connection): Promise<void> {
    const { context } = connection;
    if (connection.state.phase !== 'connected' || this.#restored.has(context)) return;
    this.#restored.add(context);
    const wishes = this.#memory.get().filter((wish) => wish.context === context);
    await Promise.allSettled(wishes.map(({ kind, namespace, name, port, localPort }) => this.start(connection, { kind, namespace, name, port }, localPort)));
  }

  stop(id: string): void {
    this.#running.get(id)?.forward.close();
    this.#running.delete(id);
    this.#remember();
    this.changed.fire();
  }

  dispose(): void {
    for (const { forward } of this.#running.values()) forward.close();
    this.#running.clear();
  }

  /** Those of clusters that were not there yet stay remembered. */
  #remember(): void {
    const others = this.#memory.get().filter(({ context }) => !this.#restored.has(context));
    const wishes = this.entries.map(({ kind, namespace, name, port, context, localPort }) => ({ kind, namespace, name, port, context, localPort }));
    this.#memory.set([...others.filter((other) => !wishes.some((wish) => isDeepStrictEqual(wish, other))), ...wishes]);
  }

  #update(id: string, change: Partial<ForwardEntry>): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.entry = { ...running.entry, ...change };
    this.changed.fire();
  }
}
