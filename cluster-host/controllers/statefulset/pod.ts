/** The pod of an ordinal, with its name, its place in DNS and its own volume claims. Pure. */
import type { V1ControllerRevision, V1PersistentVolumeClaim, V1Pod, V1StatefulSet, V1Volume } from '../../api/generated/types.ts';
import { statefulSets } from '../../client/resources.ts';
import { podOf } from '../common/pod-control.ts';
import { templateOf } from '../common/revisions.ts';
import { revisionLabel } from './plan.ts';

export function statefulPod(set: V1StatefulSet, ordinal: number, revision: V1ControllerRevision): V1Pod {
  const name = `${set.metadata?.name}-${ordinal}`;
  const { generateName: _generated, ...metadata } = podOf(templateOf(revision), statefulSets, set).metadata ?? {};
  const { spec } = templateOf(revision);
  const claims = (set.spec?.volumeClaimTemplates ?? []).map(({ metadata }): V1Volume => ({ name: metadata?.name ?? '', persistentVolumeClaim: { claimName: `${metadata?.name}-${name}` } }));
  const others = (spec?.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name));
  const labels = { ...metadata.labels, 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal), [revisionLabel]: revision.metadata?.name ?? '' };
  const volumes = [...claims, ...others];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, labels },
    spec: { containers: [], ...spec, hostname: name, subdomain: set.spec?.serviceName, ...(volumes.length === 0 ? {} : { volumes }) },
  };
}

/** The claims of an ordinal; they outlive their pod. */
export function statefulClaims(set: V1StatefulSet, ordinal: number): V1PersistentVolumeClaim[] {
  return (set.spec?.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `${metadata?.name}-${set.metadata?.name}-${ordinal}`,
      namespace: set.metadata?.namespace,
      labels: { ...metadata?.labels, ...set.spec?.selector.matchLabels },
      annotations: metadata?.annotations,
    },
    spec,
  }));
}
