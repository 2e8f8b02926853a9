/** What the API server serves, as it says itself: the controllers that work on every resource know no list of kinds. */
import type { V1APIGroupList, V1APIResourceList } from '../../api/generated/types.ts';
import type { Resource } from '../../api/object.ts';
import type { Client } from '../../client/client.ts';
import { groupVersionPath } from '../../client/resource-paths.ts';

export interface ServedResource extends Resource {
  readonly verbs: readonly string[];
}

export interface Discovery {
  /** Each resource once, in its preferred version; no subresources. */
  readonly resources: readonly ServedResource[];
  /** `group/version: why` of what could not be read. */
  readonly failures: readonly string[];
}

export async function discover(client: Client): Promise<Discovery> {
  const { body } = await client.request({ method: 'GET', path: '/apis' });
  const groups = (body as V1APIGroupList).groups ?? [];
  const versions = [
    { group: '', version: 'v1' },
    ...groups.flatMap(({ name, preferredVersion, versions }) => {
      const ordered = [preferredVersion?.version, ...versions.map(({ version }) => version)];
      return [...new Set(ordered)].flatMap((version) => (version === undefined ? [] : [{ group: name, version }]));
    }),
  ];
  const lists = await Promise.allSettled(versions.map(async (gv) => (await client.request({ method: 'GET', path: groupVersionPath(gv) })).body as V1APIResourceList));
  const resources = new Map<string, ServedResource>();
  const failures: string[] = [];
  for (const [index, gv] of versions.entries()) {
    const list = lists[index];
    if (list?.status !== 'fulfilled') {
      failures.push(`${gv.group === '' ? gv.version : `${gv.group}/${gv.version}`}: ${list?.reason instanceof Error ? list.reason.message : String(list?.reason)}`);
      continue;
    }
    for (const { name, kind, namespaced, verbs } of list.value.resources ?? []) {
      const key = `${gv.group}/${name}`;
      if (!name.includes('/') && !resources.has(key)) resources.set(key, { ...gv, kind, plural: name, namespaced, verbs });
    }
  }
  return { resources: [...resources.values()], failures };
}
