/** Offsets of a text as lines and characters (both from 0, in UTF-16 units), and back. */
import type { Position, Range } from '../messages.ts';

/** From inclusive, to exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get count(): number {
    return this.#starts.length;
  }

  positionAt(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: Math.min(offset, this.#text.length) - this.#startOf(low) };
  }

  /** Positions outside the text give the nearest offset inside. */
  offsetAt({ line, character }: Position): number {
    if (line >= this.#starts.length) return this.#text.length;
    if (line < 0) return 0;
    return Math.min(this.#startOf(line) + Math.max(character, 0), this.#endOf(line));
  }

  rangeOf(span: Span): Range {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }

  #startOf(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  /** Before the line break. */
  #endOf(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.#text.length;
    return this.#text[next - 2] === '\r' ? next - 2 : next - 1;
  }
}
