/**
 * What the runtime has of one pod, as far as it is known here: asked for again when something changed.
 *
 * Invariant: a change that is told while a list is on its way is not lost; the next look asks again.
 */
import type { V1Pod } from '../../api/generated/types.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import { uidOf } from './pod-facts.ts';
import type { PodSurroundings } from './surroundings.ts';
import { terminationMessage } from './termination-messages.ts';

export class RuntimeView {
  readonly #shared: PodSurroundings;
  readonly #uid: string;
  readonly #messages = new Map<string, string | undefined>();
  #sandboxes: readonly Sandbox[];
  #containers: readonly Container[];
  #stale: boolean;
  #refreshing: Promise<void> = Promise.resolve();

  /** `sandboxes`, `containers`: what was found when the host started. */
  constructor(shared: PodSurroundings, pod: V1Pod, sandboxes: readonly Sandbox[], containers: readonly Container[]) {
    this.#shared = shared;
    this.#uid = uidOf(pod);
    this.#sandboxes = sandboxes;
    this.#containers = containers;
    this.#stale = sandboxes.length + containers.length > 0;
  }

  get sandboxes(): readonly Sandbox[] {
    return this.#sandboxes;
  }

  get containers(): readonly Container[] {
    return this.#containers;
  }

  /** The one that runs. */
  get sandbox(): Sandbox | undefined {
    return this.#sandboxes.find(({ state }) => state === 'ready');
  }

  get stale(): boolean {
    return this.#stale;
  }

  /** Something of it changed. */
  changed(): void {
    this.#stale = true;
  }

  terminationMessage(containerId: string): string | undefined {
    return this.#messages.get(containerId);
  }

  /** One after the other, so that an older answer never replaces a newer one. */
  refresh(): Promise<void> {
    const next = this.#refreshing.then(() => this.#list());
    this.#refreshing = next.catch(() => undefined);
    return next;
  }

  /** A sandbox that was just made; a list that was asked for before does not know it yet. */
  async made(sandbox: Sandbox): Promise<void> {
    await this.#refreshing;
    this.#sandboxes = [...this.#sandboxes.filter(({ id }) => id !== sandbox.id), sandbox];
  }

  async #list(): Promise<void> {
    this.#stale = false;
    try {
      const { sandboxes, containers } = await this.#shared.runtime.listAll({ podUid: this.#uid });
      this.#sandboxes = sandboxes;
      this.#containers = containers;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    await this.#readMessages();
  }

  /** Of what ended; of what is gone they are forgotten. */
  async #readMessages(): Promise<void> {
    const ids = new Set(this.#containers.map(({ id }) => id));
    for (const id of this.#messages.keys()) if (!ids.has(id)) this.#messages.delete(id);
    for (const container of this.#containers) {
      if (container.state === 'exited' && !this.#messages.has(container.id)) this.#messages.set(container.id, await terminationMessage(this.#shared, container));
    }
  }
}
