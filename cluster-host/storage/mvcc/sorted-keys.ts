/**
 * A set of strings in order (by UTF-16 code units), made for many keys: a list of short sorted runs, so that adding one key
 * moves a few hundred others at most.
 */

const longestRun = 512;

export class SortedKeys {
  /** Never an empty run; every key of a run is smaller than every key of the next. */
  #runs: string[][] = [];

  add(key: string): void {
    const index = this.#runIndex(key);
    const run = this.#runs[index];
    if (run === undefined) {
      // Larger than every key: goes to the end of the last run.
      const last = this.#runs.at(-1);
      if (last === undefined) this.#runs.push([key]);
      else {
        last.push(key);
        this.#split(this.#runs.length - 1, last);
      }
      return;
    }
    const at = lowerBound(run, key);
    if (run[at] === key) return;
    run.splice(at, 0, key);
    this.#split(index, run);
  }

  delete(key: string): void {
    const index = this.#runIndex(key);
    const run = this.#runs[index];
    if (run === undefined) return;
    const at = lowerBound(run, key);
    if (run[at] !== key) return;
    if (run.length === 1) this.#runs.splice(index, 1);
    else run.splice(at, 1);
  }

  /** Keys that start with `prefix`, greater than `after` where it is given. */
  *within(prefix: string, after?: string): Generator<string> {
    const resumed = after !== undefined && after >= prefix;
    const from = resumed ? after : prefix;
    for (let index = this.#runIndex(from); index < this.#runs.length; index++) {
      const run = this.#runs[index] ?? [];
      for (let at = lowerBound(run, from); at < run.length; at++) {
        const key = run[at] ?? '';
        if (!key.startsWith(prefix)) return;
        if (!resumed || key !== from) yield key;
      }
    }
  }

  /** The first run whose last key is not smaller; the number of runs where there is none. */
  #runIndex(key: string): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(index: number, run: string[]): void {
    if (run.length > longestRun) this.#runs.splice(index + 1, 0, run.splice(longestRun >>> 1));
  }
}

function lowerBound(run: readonly string[], key: string): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
