/** Reads of a resource whose objects are not in the store. */
import { methodNotAllowed } from '../failure.ts';
import type { ObjectSource } from '../resources/strategy.ts';
import type { ListQuery, ObjectPage } from './list-objects.ts';
import { ObjectVersion } from './object-version.ts';
import type { ObjectReader } from './reader.ts';

export class SourceReader implements ObjectReader {
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  async find(namespace: string, name: string): Promise<ObjectVersion | undefined> {
    const object = await this.#source.find(namespace, name);
    return object === undefined ? undefined : new ObjectVersion(object, 0);
  }

  async all(namespace: string): Promise<readonly ObjectVersion[]> {
    return (await this.#source.list(namespace)).map((object) => new ObjectVersion(object, 0));
  }

  /** Always whole: what is measured has no earlier state to go on from. */
  async list(namespace: string, { selection }: ListQuery): Promise<ObjectPage> {
    const items = (await this.all(namespace)).filter(({ object }) => selection.matches(object));
    return { items, revision: 0, continue: undefined, remaining: undefined };
  }

  watch(): never {
    throw methodNotAllowed();
  }
}
