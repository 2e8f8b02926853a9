/**
 * What the engine said of containers last, kept to save calls.
 *
 * Invariant: an answer that was asked for before a container changed is given to whoever asked, but not kept; else an end that
 * happens while an inspection is on its way would be forgotten for good.
 */
export class Inspections<T> {
  readonly #inspect: (id: string) => Promise<any>;
  readonly #read: (inspected: any) => T;
  readonly #known = new Map<string, T>();
  /** The question asked last, while it is on its way. */
  readonly #asked = new Map<string, Promise<any>>();

  /** `inspect` resolves to undefined where there is no such container. */
  constructor(inspect: (id: string) => Promise<any>, read: (inspected: any) => T) {
    this.#inspect = inspect;
    this.#read = read;
  }

  kept(id: string): T | undefined {
    return this.#known.get(id);
  }

  keep(id: string, known: T): void {
    this.#known.set(id, known);
  }

  /** The container changed: what is known of it, and what is being answered, no longer counts. */
  forget(id: string): void {
    this.#known.delete(id);
    this.#asked.delete(id);
  }

  async ask(id: string): Promise<T | undefined> {
    const question = this.#inspect(id);
    this.#asked.set(id, question);
    let unchanged = false;
    let inspected: any;
    try {
      inspected = await question;
    } finally {
      unchanged = this.#asked.get(id) === question;
      if (unchanged) this.#asked.delete(id);
    }
    if (inspected === undefined) return undefined;
    const known = this.#read(inspected);
    if (unchanged) this.#known.set(id, known);
    return known;
  }
}
