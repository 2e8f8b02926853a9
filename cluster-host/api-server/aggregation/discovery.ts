/** Discovery with what other servers serve. Pure. */
import type { KubeObject } from '../../api/object.ts';
import type { ServedGroup } from '../discovery/documents.ts';
import type { RemoteService } from './aggregator.ts';
import { discoveredVersion } from './remote-service.ts';

/** Groups of other servers follow this one's own; a version comes once. */
export function withRemoteGroups(own: readonly ServedGroup[], remotes: readonly RemoteService[]): readonly ServedGroup[] {
  const groups = new Map(own.map((group) => [group.name, group]));
  for (const { service } of remotes) {
    const { group: name = '', version = '' } = service.spec ?? {};
    const before = groups.get(name)?.versions ?? [];
    if (!before.includes(version)) groups.set(name, { name, versions: [...before, version] });
  }
  return Array.from(groups.values());
}

/** The same for the aggregated form. */
export function withRemoteVersions(list: KubeObject, remotes: readonly RemoteService[]): KubeObject {
  if (remotes.length === 0) return list;
  const items = [...(list['items'] as readonly AggregatedGroup[])];
  for (const { service, isAvailable, resources } of remotes) {
    const { group = '', version = '' } = service.spec ?? {};
    const entry = { ...discoveredVersion({ group, version }, resources), ...(!isAvailable && { freshness: 'Stale' }) };
    const index = items.findIndex(({ metadata }) => metadata.name === group);
    const found = items[index];
    if (found === undefined) items.push({ metadata: { name: group, creationTimestamp: null }, versions: [entry] });
    else items[index] = { ...found, versions: [...found.versions, entry] };
  }
  return { ...list, items };
}

interface AggregatedGroup {
  readonly metadata: { readonly name?: string; readonly creationTimestamp: null };
  readonly versions: readonly object[];
}
