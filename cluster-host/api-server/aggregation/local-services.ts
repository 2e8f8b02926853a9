/** APIServices of what this server serves itself (https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/). Pure. */
import type { V1APIService } from '../../api/generated/types.ts';
import type { KindDefinition } from '../../api/kind.ts';

const automanaged = 'kube-aggregator.kubernetes.io/automanaged';

/** Groups by their priority, as Kubernetes ranks them; versions within are ranked 15, unless listed. */
const groupPriorities: Readonly<Record<string, number>> = {
  '': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'apiextensions.k8s.io': 16_700,
  'admissionregistration.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'resource.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
};
const versionPriorities: Readonly<Record<string, number>> = { '/v1': 1, 'autoscaling/v2': 30, 'flowcontrol.apiserver.k8s.io/v1': 21 };

/** One for each group and version of the rows, by name. The group of APIServices itself has none. */
export function localServices(definitions: readonly KindDefinition[]): ReadonlyMap<string, V1APIService> {
  const services = new Map<string, V1APIService>();
  for (const { group, version, custom } of definitions) {
    const name = `${version}.${group}`;
    if (services.has(name) || group === 'apiregistration.k8s.io') continue;
    const isCustom = custom !== undefined;
    services.set(name, {
      metadata: { name, labels: { [automanaged]: isCustom ? 'true' : 'onstart' } },
      spec: {
        ...(group !== '' && { group }),
        version,
        groupPriorityMinimum: isCustom ? 1000 : (groupPriorities[group] ?? 16_000),
        versionPriority: isCustom ? 100 : (versionPriorities[`${group}/${version}`] ?? 15),
      },
    });
  }
  return services;
}

export interface LocalChanges {
  readonly missing: readonly V1APIService[];
  /** Names of those that stand for nothing more. */
  readonly stale: readonly string[];
}

/** What somebody else registered under a name stays. */
export function localChanges(definitions: readonly KindDefinition[], live: readonly V1APIService[]): LocalChanges {
  const wanted = localServices(definitions);
  const names = new Set(live.map(({ metadata }) => metadata?.name));
  return {
    missing: Array.from(wanted.values()).filter(({ metadata }) => !names.has(metadata?.name)),
    stale: live.flatMap(({ metadata }) => (metadata?.labels?.[automanaged] !== undefined && !wanted.has(metadata.name ?? '') ? [metadata.name ?? ''] : [])),
  };
}
