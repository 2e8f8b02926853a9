/** Claims that one pod alone may use (`ReadWriteOncePod`). */
import { refuse, type Plugin } from '../plugin.ts';
import { claimNames } from './volume-binding.ts';

export const volumeRestrictions: Plugin = {
  name: 'VolumeRestrictions',
  helpedBy: ['podRemoved', 'volumeChanged'],
  look(pod, cluster) {
    const exclusive = claimNames(pod).filter((name) => cluster.claim(pod.namespace, name)?.spec?.accessModes?.includes('ReadWriteOncePod') === true);
    if (exclusive.length === 0) return undefined;
    const inUse = [...cluster.nodes.values()].some(({ pods }) => [...pods.values()].some((other) => other.namespace === pod.namespace && other.uid !== pod.uid && claimNames(other).some((name) => exclusive.includes(name))));
    return { filter: () => (inUse ? refuse('node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode') : undefined) };
  },
};
