/** Discovery: which groups, versions and resources there are, made out of the table of kinds (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api). */
import { createHash } from 'node:crypto';
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';

/** Of a group, its versions from the most to the least preferred. */
export interface ServedGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

/** Groups in the order of Kubernetes' own list, which is not by the alphabet: as clients show them. */
const groupOrder = [
  '', 'apiregistration.k8s.io', 'apps', 'events.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io', 'autoscaling', 'batch', 'certificates.k8s.io',
  'networking.k8s.io', 'policy', 'rbac.authorization.k8s.io', 'storage.k8s.io', 'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'scheduling.k8s.io',
  'coordination.k8s.io', 'node.k8s.io', 'discovery.k8s.io', 'resource.k8s.io', 'flowcontrol.apiserver.k8s.io',
];

export function servedGroups(definitions: readonly KindDefinition[]): readonly ServedGroup[] {
  const names = [...new Set(definitions.map(({ group }) => group))];
  const rank = (name: string): number => (groupOrder.includes(name) ? groupOrder.indexOf(name) : groupOrder.length);
  return names
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({ name, versions: [...new Set(definitions.filter(({ group }) => group === name).map(({ version }) => version))].toSorted(byPreference) }));
}

/** Stable before beta before alpha, then the higher number first. */
function byPreference(a: string, b: string): number {
  const parse = (version: string): readonly number[] => {
    const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    return [stage === '' ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)];
  };
  const [left, right] = [parse(a), parse(b)];
  return (right[0] ?? 0) - (left[0] ?? 0) || (right[1] ?? 0) - (left[1] ?? 0) || (right[2] ?? 0) - (left[2] ?? 0);
}

/** `/api`. */
export function coreVersions(serverAddress: string): KubeObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] };
}

/** `/apis`. */
export function groupList(groups: readonly ServedGroup[]): KubeObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.filter(({ name }) => name !== '').map(groupEntry) };
}

/** `/apis/GROUP`. */
export function groupDocument(group: ServedGroup): KubeObject {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

function groupEntry({ name, versions }: ServedGroup): { readonly name: string } & Record<string, unknown> {
  const entries = versions.map((version) => ({ groupVersion: apiVersionOf({ group: name, version }), version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/** `/api/v1`, `/apis/GROUP/VERSION`. */
export function resourceList(definitions: readonly KindDefinition[], group: string, version: string): KubeObject {
  const resources = ofVersion(definitions, group, version).flatMap((definition) => [resourceEntry(definition), ...subresourceEntries(definition)]);
  return { kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion: apiVersionOf({ group, version }), resources };
}

export function ofVersion(definitions: readonly KindDefinition[], group: string, version: string): readonly KindDefinition[] {
  return definitions.filter((definition) => definition.group === group && definition.version === version).toSorted((a, b) => (a.plural < b.plural ? -1 : 1));
}

function resourceEntry({ plural, singular, namespaced, kind, verbs, shortNames, categories, group, version }: KindDefinition): object {
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    storageVersionHash: storageVersionHash(`${group}/${version}/${kind}`),
  };
}

function subresourceEntries({ plural, namespaced, kind, subresources }: KindDefinition): readonly object[] {
  return Object.entries(subresources)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { verbs, kind: own, group, version }]) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...(own === undefined || group === undefined ? {} : { group, version }),
      kind: own ?? kind,
      verbs,
    }));
}

/** Opaque to clients: equal as long as the stored form is (KEP-1153). */
function storageVersionHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 8).toString('base64');
}

/** Aggregated discovery (`apidiscovery.k8s.io/v2`) of the core group or of all others. */
export function aggregated(definitions: readonly KindDefinition[], groups: readonly ServedGroup[], apiVersion: string): KubeObject {
  const items = groups.map(({ name, versions }) => ({
    metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
    versions: versions.map((version) => ({ version, resources: ofVersion(definitions, name, version).map(aggregatedResource), freshness: 'Current' })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion, metadata: {}, items };
}

function aggregatedResource({ plural, singular, namespaced, kind, group, version, verbs, shortNames, categories, subresources }: KindDefinition): object {
  const entries = Object.entries(subresources).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(entries.length === 0
      ? {}
      : {
          subresources: entries.map(([name, sub]) => ({
            subresource: name,
            responseKind: { group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind ?? kind },
            verbs: sub.verbs,
          })),
        }),
  };
}
