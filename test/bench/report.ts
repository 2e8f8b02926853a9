/** What a bench says: rows of figures, each beside the floor measured in the same run. */

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MiB' | 'MB' | '%' | '/s';
  /** The same work without us, in the same unit; left out where nothing compares. */
  readonly floor?: number;
  readonly floorName?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Milliseconds that something takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

export function printRow(row: Row): void {
  const figure = (value: number): string => `${value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)} ${row.unit}`;
  const floor = row.floor === undefined ? '' : `   floor ${figure(row.floor)} (${row.floorName ?? ''})   ratio ${ratioOf(row.unit, row.value, row.floor).toFixed(2)}`;
  console.log(`  ${row.name.padEnd(52)} ${figure(row.value).padStart(12)}${floor}`);
}

/** How many times the floor something takes; of a rate, how many times it could be. */
function ratioOf(unit: Row['unit'], value: number, floor: number): number {
  return unit === '/s' ? floor / value : value / floor;
}
