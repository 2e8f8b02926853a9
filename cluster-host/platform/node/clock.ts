/** The real clock. Timers do not keep the process alive: what must finish is awaited by whoever started it. */
import type { Clock, Disposable } from '../platform.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay: number, run: () => void): Disposable {
    const timer = setTimeout(run, Math.max(0, delay));
    timer.unref();
    return { dispose: () => clearTimeout(timer) };
  },
  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, delay));
      signal?.addEventListener('abort', done, { once: true });
    });
  },
};
