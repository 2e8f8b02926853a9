/**
 * Devices that pods claim (kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation). No driver offers any here, so
 * that no claim can be allocated: the pod waits, and is told why.
 */
import { refuseForGood, type Plugin } from '../plugin.ts';

export const dynamicResources: Plugin = {
  name: 'DynamicResources',
  helpedBy: ['nodeAdded'],
  look: ({ pod }) => ((pod.spec?.resourceClaims ?? []).length === 0 ? undefined : { filter: () => refuseForGood('cannot allocate all claims') }),
};
