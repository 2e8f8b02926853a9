/** What a parser hands to typed decoding: a plain value, and what a plain value cannot say. */

export interface ParsedDocument {
  readonly value: unknown;
  /** Keys that an object had more than once; the last value counts. */
  readonly duplicates: ReadonlyMap<object, readonly string[]>;
  /** How a number was written, where that differs from how JavaScript writes it: `1.0`, `1e3`, beyond 2^53. By container and key. */
  readonly numbers: ReadonlyMap<object, ReadonlyMap<string | number, string>>;
}

/** A document that was made by a program: nothing to remark. */
export function plainDocument(value: unknown): ParsedDocument {
  return { value, duplicates: new Map(), numbers: new Map() };
}

/** Gathers the remarks while a document is read. */
export class Remarks {
  readonly duplicates = new Map<object, string[]>();
  readonly numbers = new Map<object, Map<string | number, string>>();

  duplicate(container: object, key: string): void {
    const keys = this.duplicates.get(container);
    if (keys === undefined) this.duplicates.set(container, [key]);
    else if (!keys.includes(key)) keys.push(key);
  }

  number(container: object, key: string | number, text: string): void {
    const texts = this.numbers.get(container) ?? new Map<string | number, string>();
    this.numbers.set(container, texts.set(key, text));
  }
}

/** Deeper nesting is refused: no Kubernetes object comes near, and recursion has an end. */
export const maxDepth = 1000;
