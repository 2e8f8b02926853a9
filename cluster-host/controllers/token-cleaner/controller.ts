/** Deletes bootstrap tokens that have ended. */
import { hasReason } from '../../client/client.ts';
import type { ControllerDefinition } from '../../client/controller.ts';
import { secrets } from '../../client/resources.ts';
import { isBootstrapToken, tokenEnd, tokenNamespace } from '../common/bootstrap-tokens.ts';

export const tokenCleanerController: ControllerDefinition = {
  name: 'token-cleaner',
  serviceAccount: 'token-cleaner',
  watches: [{ resource: secrets, keys: (secret) => (isBootstrapToken(secret) ? [secret.metadata?.name ?? ''] : []) }],
  start: ({ client, informers, clock }) => ({
    reconcile: async (name) => {
      const secret = informers.informer(secrets).lister.get(tokenNamespace, name);
      const end = secret === undefined ? undefined : tokenEnd(secret);
      if (secret === undefined || end === undefined) return undefined;
      if (end > clock.now()) return { after: end - clock.now() };
      try {
        await client.resource(secrets, tokenNamespace).delete(name, { preconditions: { uid: secret.metadata?.uid } });
      } catch (error) {
        if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
      }
      return undefined;
    },
  }),
};
