/** What nodes use, where the cluster measures it (metrics.k8s.io). That API has no watch: it is asked again every while, and only when somebody looks. */
import type { Client } from '../../../cluster-host/client/client.ts';
import type { Disposable } from '../../../cluster-host/platform/platform.ts';
import { asNumber } from './numbers.ts';
import type { NodeUse } from './state.ts';

/** Metrics servers measure no more often. */
const interval = 15_000;

interface NodeMetrics {
  readonly metadata?: { readonly name?: string };
  readonly usage?: { readonly cpu?: string; readonly memory?: string };
}

export class NodeUses implements Disposable {
  current: ReadonlyMap<string, NodeUse> = new Map();
  readonly #client: () => Client;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: () => Client, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
  }

  enable(on: boolean): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!on) return;
    void this.#ask();
    this.#timer = setInterval(() => void this.#ask(), interval);
    this.#timer.unref();
  }

  dispose(): void {
    this.enable(false);
  }

  async #ask(): Promise<void> {
    try {
      const { body } = await this.#client().request({ method: 'GET', path: '/apis/metrics.k8s.io/v1beta1/nodes' });
      const items = (body.items ?? []) as readonly NodeMetrics[];
      this.current = new Map(items.map(({ metadata, usage }) => [metadata?.name ?? '', { cpu: asNumber(usage?.cpu), memory: asNumber(usage?.memory) }]));
      this.#changed();
    } catch {
      // Most clusters measure nothing; what pods ask for is shown all the same.
      this.current = new Map();
    }
  }
}
