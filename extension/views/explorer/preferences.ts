/** What a user wants to see first, or only, in the explorer. Outlives the window. No `vscode` here. */
import type { ObjectNode } from './node.ts';

export interface Favourite {
  readonly group: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Preferences {
  readonly favourites: readonly Favourite[];
  /** Only these namespaces are shown; all where there is none. */
  readonly namespaces: readonly string[];
}

export interface PreferenceMemory {
  get(context: string): Partial<Preferences> | undefined;
  set(context: string, preferences: Preferences): void;
}

export class ExplorerPreferences {
  readonly #memory: PreferenceMemory;

  constructor(memory: PreferenceMemory) {
    this.#memory = memory;
  }

  of(context: string): Preferences {
    return { favourites: [], namespaces: [], ...this.#memory.get(context) };
  }

  showNamespaces(context: string, namespaces: readonly string[]): void {
    this.#memory.set(context, { ...this.of(context), namespaces });
  }

  /** Adds it, or takes it away where it is one already. */
  toggleFavourite(context: string, favourite: Favourite): void {
    const { favourites, ...rest } = this.of(context);
    const others = favourites.filter((known) => !isSame(known, favourite));
    this.#memory.set(context, { ...rest, favourites: others.length < favourites.length ? others : [...others, favourite] });
  }
}

export function favouriteOf({ resource, object }: Pick<ObjectNode, 'resource' | 'object'>): Favourite {
  return { group: resource.group, plural: resource.plural, namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
}

export function isSame(a: Favourite, b: Favourite): boolean {
  return a.group === b.group && a.plural === b.plural && a.namespace === b.namespace && a.name === b.name;
}
