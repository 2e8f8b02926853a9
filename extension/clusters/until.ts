/** Waits for something in a cluster to come true, on its watches: nothing polls. */
import type { Signal } from './signal.ts';

/** Resolves with whether it came true before the limit; asks after each change of the cluster. */
export function until(connection: { readonly changed: Signal }, look: () => boolean, { signal, limit }: { readonly signal?: AbortSignal; readonly limit: number }): Promise<boolean> {
  return new Promise((resolve) => {
    if (look() || signal?.aborted === true) {
      resolve(signal?.aborted !== true);
      return;
    }
    const end = (outcome: boolean) => (): void => {
      clearTimeout(timer);
      subscription.dispose();
      signal?.removeEventListener('abort', cancel);
      resolve(outcome);
    };
    const cancel = (): void => end(false)();
    const timer = setTimeout(cancel, limit);
    timer.unref();
    signal?.addEventListener('abort', cancel, { once: true });
    const subscription = connection.changed.on(() => {
      if (look()) end(true)();
    });
  });
}
