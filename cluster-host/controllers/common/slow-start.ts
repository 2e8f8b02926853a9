/**
 * Calls `run` up to `count` times in batches of 1, 2, 4, …: a write that the server refuses for all is refused once, not a
 * thousand times. Resolves with the number of successes and the first failure; the batches after a failure are left out.
 */
export async function slowStart(count: number, run: () => Promise<void>): Promise<{ readonly successes: number; readonly failure?: unknown }> {
  let successes = 0;
  for (let batch = 1; successes < count; batch *= 2) {
    const results = await Promise.allSettled(Array.from({ length: Math.min(batch, count - successes) }, run));
    const failure = results.find((result) => result.status === 'rejected');
    successes += results.filter((result) => result.status === 'fulfilled').length;
    if (failure !== undefined) return { successes, failure: failure.reason };
  }
  return { successes };
}
