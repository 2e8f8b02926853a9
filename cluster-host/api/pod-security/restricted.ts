/** The restricted policy: what it asks for besides the baseline. A row a check, in the order in which findings are reported. */
import { containersOf, containersText, isWindows, plural, quoted, settersText, sortedSet, type AnyContainer, type Check, type Finding, type PodLike } from './check.ts';
import { seccompUnconfined } from './baseline.ts';

const volumeTypes: ReadonlySet<string> = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret']);

function findPrivilegeEscalation({ spec }: PodLike): Finding | undefined {
  if (isWindows(spec)) return undefined;
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  return bad.length === 0 ? undefined : { reason: 'allowPrivilegeEscalation != false', detail: `${containersText(bad)} must set securityContext.allowPrivilegeEscalation=false` };
}

function findCapabilities({ spec }: PodLike): Finding | undefined {
  if (isWindows(spec)) return undefined;
  const added = ({ securityContext }: AnyContainer): readonly string[] => (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = containersOf(spec).filter(({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') !== true);
  const adding = containersOf(spec).filter((container) => added(container).length > 0);
  const details = [
    ...(keeping.length === 0 ? [] : [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0 ? [] : [`${containersText(adding)} must not include ${quoted(sortedSet(adding.flatMap(added)))} in securityContext.capabilities.add`]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function findVolumes({ spec }: PodLike): Finding | undefined {
  const typeOf = (volume: object): string => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
  const bad = (spec.volumes ?? []).filter((volume) => !volumeTypes.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sortedSet(bad.map(typeOf));
  const names = `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} ${bad.length === 1 ? 'uses' : 'use'}`;
  return { reason: 'restricted volume types', detail: `${names} ${plural('restricted volume type', types.length)} ${quoted(types)}` };
}

function findRoot({ spec }: PodLike): Finding | undefined {
  // Root of a pod's own user namespace is nobody outside.
  if (spec.hostUsers === false) return undefined;
  const reason = 'runAsNonRoot != true';
  const setters = settersText(spec, ({ runAsNonRoot }) => runAsNonRoot === false);
  if (setters !== undefined) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  const silent = spec.securityContext?.runAsNonRoot === true ? [] : containersOf(spec).filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
}

function findRootUser({ spec }: PodLike): Finding | undefined {
  if (spec.hostUsers === false) return undefined;
  const setters = settersText(spec, ({ runAsUser }) => runAsUser === 0);
  return setters === undefined ? undefined : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
}

function findSeccomp(pod: PodLike): Finding | undefined {
  const { spec } = pod;
  if (isWindows(spec)) return undefined;
  const unconfined = seccompUnconfined(pod);
  if (unconfined !== undefined) return unconfined;
  const silent = spec.securityContext?.seccompProfile === undefined ? containersOf(spec).filter(({ securityContext }) => securityContext?.seccompProfile === undefined) : [];
  if (silent.length === 0) return undefined;
  return { reason: 'seccompProfile', detail: `pod or ${containersText(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
}

export const restrictedChecks: readonly Check[] = [
  { since: 8, find: findPrivilegeEscalation },
  { since: 22, find: findCapabilities },
  { since: 0, find: findVolumes },
  { since: 0, find: findRoot },
  { since: 23, find: findRootUser },
  { since: 19, find: findSeccomp },
];
