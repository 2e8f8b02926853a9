/** In which version a built-in kind is asked for. */
import { listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf } from '../../cluster-host/api/object.ts';
import { groupKindOf } from './facts.ts';

let versions: ReadonlyMap<string, string> | undefined;

/** Kind with its group (`apps/Deployment`) → API version: the stable one where there is one. */
export function apiVersions(): ReadonlyMap<string, string> {
  versions ??= new Map(
    listKinds()
      .toSorted((a, b) => Number(/^v\d+$/.test(a.version)) - Number(/^v\d+$/.test(b.version)))
      .map((gvk) => [groupKindOf(gvk.group, gvk.kind), apiVersionOf(gvk)]),
  );
  return versions;
}
