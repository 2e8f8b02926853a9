/** Calls `run` once for any number of calls that come within an interval, at its end. */
import type { Disposable } from '../../cluster-host/platform/platform.ts';

export interface Coalesced extends Disposable {
  (): void;
}

export function coalesce(milliseconds: number, run: () => void): Coalesced {
  let pending: NodeJS.Timeout | undefined;
  const call = (): void => {
    pending ??= setTimeout(() => {
      pending = undefined;
      run();
    }, milliseconds);
  };
  return Object.assign(call, { dispose: () => clearTimeout(pending) });
}
