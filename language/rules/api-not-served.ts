/** A kind that today's Kubernetes serves in another version or group: the manifest is older, or newer, than the API. */
import { kindType, listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf, parseApiVersion } from '../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../cluster-host/api/object.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { markOf } from '../syntax/locate.ts';
import { removedApi } from './removed-apis.ts';
import type { DocumentRule } from './rule.ts';

const preferred = /^v\d+$/;

export const apiNotServed: DocumentRule = {
  name: 'api-not-served',
  severity: 'warning',
  checkDocument(syntax, { apiVersion, kind }, customKinds) {
    const groupVersion = parseApiVersion(apiVersion);
    if (groupVersion === undefined) return [];
    const gvk = { ...groupVersion, kind };
    if (kindType(gvk) !== undefined || customKinds.find(gvk) !== undefined) return [];
    const versions = servedVersions(gvk, customKinds);
    const message = messageOf(apiVersion, kind, versions);
    if (message === undefined) return [];
    const span = markOf(syntax, ['apiVersion']);
    const fixes = versions.map((version) => ({ title: `Use ${version}`, edits: [{ span, newText: version }] }));
    return [{ span, message, fixes }];
  },
};

/** Kubernetes' own kinds are looked for in all its groups, for they moved between them; those of others in their own. */
function servedVersions({ group, kind }: GroupVersionKind, customKinds: CustomKinds): readonly string[] {
  const isOthers = group.includes('.') && !group.endsWith('.k8s.io');
  const served = isOthers ? customKinds.list().flatMap(({ definition }) => (definition.group === group && definition.kind === kind ? [definition] : [])) : listKinds().filter((one) => one.kind === kind);
  return served.toSorted((a, b) => Number(preferred.test(b.version)) - Number(preferred.test(a.version))).map(apiVersionOf);
}

function messageOf(apiVersion: string, kind: string, versions: readonly string[]): string | undefined {
  const removed = removedApi(apiVersion, kind);
  if (removed !== undefined) {
    const { replacement } = removed;
    const instead = replacement === undefined ? 'nothing took its place' : `use ${replacement.apiVersion}, served since ${replacement.since}`;
    return `${kind} of ${apiVersion} was removed in Kubernetes ${removed.removed}: ${instead}`;
  }
  if (versions.length === 0) return undefined;
  return `${kind} is served as ${versions.join(', ')}; its fields may differ from those of ${apiVersion}`;
}
