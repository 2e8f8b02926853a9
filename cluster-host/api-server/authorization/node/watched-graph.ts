/** The graph of nodes as the store has it: read when a node first asks, and kept current from then on. */
import type { Disposable } from '../../../platform/platform.ts';
import type { Store } from '../../../storage/store.ts';
import type { ObjectDecoder } from '../../registry/object-version.ts';
import { prefixOf } from '../../registry/keys.ts';
import { NodeGraph, sources, type Source } from './graph.ts';

export class WatchedGraph implements Disposable {
  readonly #store: Store;
  readonly #decoder: ObjectDecoder;
  #graph: Promise<NodeGraph> | undefined;
  #watches: Disposable[] = [];

  constructor(store: Store, decoder: ObjectDecoder) {
    this.#store = store;
    this.#decoder = decoder;
  }

  current(): Promise<NodeGraph> {
    this.#graph ??= this.#read().catch((error: unknown) => {
      this.dispose();
      throw error;
    });
    return this.#graph;
  }

  dispose(): void {
    for (const watch of this.#watches) watch.dispose();
    this.#watches = [];
    this.#graph = undefined;
  }

  async #read(): Promise<NodeGraph> {
    const graph = new NodeGraph();
    await Promise.all(sources.map((source) => this.#follow(graph, source)));
    return graph;
  }

  async #follow(graph: NodeGraph, source: Source): Promise<void> {
    const [group = '', plural = ''] = source.split('/');
    const prefix = prefixOf({ group, plural, namespaced: plural === 'pods' }, '');
    const { values, revision } = await this.#store.list(prefix);
    for (const value of values) graph.put(source, this.#decoder.version(value).object);
    const watch = this.#store.watch(prefix, revision, {
      changes: (changes) => {
        for (const change of changes) graph[change.type === 'put' ? 'put' : 'remove'](source, this.#decoder.change(change).current.object);
      },
      // Whatever was missed: the next node that asks has it read again.
      ended: () => this.dispose(),
    });
    this.#watches.push(watch);
  }
}
