/**
 * Port forwards of this window. A forward belongs to a Service, a workload or a pod, not to a connection: each new TCP
 * connection looks for a ready pod of it now, so that it survives pods that come and go. No `vscode` here.
 */
import { createHash } from 'node:crypto';
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

export class Forwards implements Disposable {
  readonly changed = new Signal();
  readonly #running = new Map<string, { entry: ForwardEntry; readonly forward: Forward }>();
  readonly #connection: () => Connection | undefined;

  constructor(connection: () => Connection | undefined) {
    this.#connection = connection;
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
    const forward = await startForward(connection.endpoint, localPort, {
      target: async () => {
        // After a restart of the host the same context has a new connection.
        const current = this.#connection();
        const target = await resolveTarget(current?.context === context ? current : connection, ref);
        this.#update(id, { problem: undefined });
        return target;
      },
      connections: (open) => this.#update(id, { connections: open }),
      failed: (problem) => this.#update(id, { problem }),
    });
    const entry: ForwardEntry = { ...ref, id, context, localPort: forward.port, connections: 0, problem: undefined };
    this.#running.set(id, { entry, forward });
    this.changed.fire();
    return entry;
  }

  stop(id: string): void {
    this.#running.get(id)?.forward.close();
    this.#running.delete(id);
    this.changed.fire();
  }

  dispose(): void {
    for (const { forward } of this.#running.values()) forward.close();
    this.#running.clear();
  }

  #update(id: string, change: Partial<ForwardEntry>): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.entry = { ...running.entry, ...change };
    this.changed.fire();
  }
}
