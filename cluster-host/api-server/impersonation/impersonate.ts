/** The step of the chain in which a request acts as somebody else, for who may. */
import type { Authorizer } from '../authorization/authorizer.ts';
import { attributesOf } from '../authorization/request-attributes.ts';
import { ApiFailure } from '../failure.ts';
import type { Step } from '../request-chain.ts';
import { modes, type Mode } from './modes.ts';
import { wantedUser } from './headers.ts';

/** Requesters whose last way is remembered. */
const mostRemembered = 1000;

/** What refuses is the way that the requester last succeeded by, or the first one. */
export function impersonate(authorizer: Authorizer): Step {
  const lastModes = new Map<string, Mode>();
  return async (context) => {
    const wanted = wantedUser(context.request.headers);
    if (wanted === undefined) return undefined;
    const request = attributesOf(context);
    const { name } = context.user;
    const last = lastModes.get(name);
    let refusal: ApiFailure | undefined;
    for (const mode of last === undefined ? modes : [last, ...modes.filter((other) => other !== last)]) {
      try {
        const user = await mode.impersonate(authorizer, wanted, request);
        if (user === undefined) continue;
        if (lastModes.size >= mostRemembered) lastModes.clear();
        lastModes.set(name, mode);
        context.impersonator = context.user;
        context.user = user;
        return undefined;
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Error('no way to impersonate was tried');
  };
}
