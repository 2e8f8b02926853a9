/** Calls `run` once for any number of calls that come within an interval, at its end; the interval may depend on how long `run` takes. */
import type { Disposable } from '../../cluster-host/platform/platform.ts';

export interface Coalesced extends Disposable {
  (): void;
}

export function coalesce(milliseconds: number | (() => number), run: () => void): Coalesced {
  let pending: NodeJS.Timeout | undefined;
  const call = (): void => {
    pending ??= setTimeout(() => {
      pending = undefined;
      run();
    }, typeof milliseconds === 'number' ? milliseconds : milliseconds());
  };
  return Object.assign(call, { dispose: () => clearTimeout(pending) });
}
