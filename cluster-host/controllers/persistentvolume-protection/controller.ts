/** A volume that is bound to a claim stays until it is let go. */
import type { ControllerDefinition } from '../../client/controller.ts';
import { persistentVolumes } from '../../client/resources.ts';
import { protect } from '../common/protection.ts';

export const persistentVolumeProtection: ControllerDefinition = {
  name: 'persistentvolume-protection',
  serviceAccount: 'pv-protection-controller',
  watches: [{ resource: persistentVolumes }],
  start: ({ client, informers }) => ({
    reconcile: async (name) => {
      const volume = informers.informer(persistentVolumes).lister.get('', name);
      if (volume !== undefined) await protect(client, persistentVolumes, volume, 'kubernetes.io/pv-protection', () => volume.status?.phase === 'Bound');
    },
  }),
};
