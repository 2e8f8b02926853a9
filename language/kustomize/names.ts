/** Prefixes, suffixes, namespaces, and the references that follow them (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/nameprefix/). */
import { setKey, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import { groupKindOf } from '../workspace/facts.ts';
import { find, type Found } from '../workspace/patterns.ts';
import { referenceFields, type ReferenceField } from '../workspace/references.ts';
import { mapsAt } from './field-paths.ts';
import { groupKind, gvkOf, isNamespaced, moveTo, nameOf, namespaceOf, rename, type Resource } from './resource.ts';

/** Their names mean something to others. */
const keptNames: ReadonlySet<string> = new Set(['Namespace', 'apiextensions.k8s.io/CustomResourceDefinition', 'apiregistration.k8s.io/APIService']);

export function addAffixes(resources: readonly Resource[], prefix: string, suffix: string): void {
  if (prefix === '' && suffix === '') return;
  for (const resource of resources) if (!keptNames.has(groupKind(resource.object))) rename(resource, `${prefix}${nameOf(resource.object)}${suffix}`);
}

/** Where the namespace of a Service stands that is called from outside of namespaces. */
const calledServices: Readonly<Record<string, string>> = {
  'apiregistration.k8s.io/APIService': 'spec.service',
  'apiextensions.k8s.io/CustomResourceDefinition': 'spec.conversion.webhook.clientConfig.service',
};

export function setNamespace(resources: readonly Resource[], namespace: string): void {
  if (namespace === '') return;
  for (const resource of resources) {
    const { object } = resource;
    const kind = groupKind(object);
    if (kind === 'Namespace') rename(resource, namespace);
    else if (isNamespaced(object)) moveTo(resource, namespace);
    for (const service of mapsAt(object, calledServices[kind] ?? 'spec[]', false)) service['namespace'] = namespace;
    // Other accounts follow the ServiceAccount that they name; `default` is in every namespace.
    for (const subject of mapsAt(object, 'subjects[]', false)) if (subject['kind'] === 'ServiceAccount' && subject['name'] === 'default') subject['namespace'] = namespace;
  }
}

/** Lets every reference follow the object that it named. */
export function followNames(resources: readonly Resource[]): void {
  const byKind = Map.groupBy(resources, ({ object }) => gvkOf(object).kind);
  for (const resource of resources) {
    for (const field of referencesOf(resource.object)) {
      for (const found of find(resource.object, field.pattern)) follow(resource, field, found, byKind);
    }
  }
  for (const resource of resources) followResourceNames(resource, byKind);
}

function referencesOf(object: JsonObject): readonly ReferenceField[] {
  return referenceFields(groupKind(object)).filter(({ kind }) => kind !== 'Namespace');
}

function follow(from: Resource, field: ReferenceField, { value, parent }: Found, byKind: ReadonlyMap<string, readonly Resource[]>): void {
  const kind = field.kind ?? (field.kindBeside === undefined ? '' : groupKindOf('', textOf(parent[field.kindBeside.kind])));
  const said = field.namespace === undefined ? '' : textOf(parent[field.namespace]);
  const isAccount = kind === 'ServiceAccount' && field.kindBeside !== undefined;
  const target = targetOf(from, kind.slice(kind.lastIndexOf('/') + 1), textOf(value), isAccount ? said : '', byKind);
  if (target === undefined) return;
  const map = parent as JsonObject;
  setKey(map, field.pattern.slice(field.pattern.lastIndexOf('.') + 1), nameOf(target.object));
  const namespace = namespaceOf(target.object);
  if (field.namespace !== undefined && namespace !== '') setKey(map, field.namespace, namespace);
}

/** Roles name objects in lists: `resourceNames`, of whatever kind has the name. */
function followResourceNames(from: Resource, byKind: ReadonlyMap<string, readonly Resource[]>): void {
  if (!['Role', 'ClusterRole'].includes(gvkOf(from.object).kind)) return;
  for (const rule of mapsAt(from.object, 'rules[]', false)) {
    const { resourceNames } = rule;
    if (Array.isArray(resourceNames)) rule['resourceNames'] = resourceNames.map((name: unknown) => nameOf((targetOf(from, 'ConfigMap', textOf(name), '', byKind) ?? targetOf(from, 'Secret', textOf(name), '', byKind))?.object ?? { metadata: { name } }));
  }
}

/** The object that had a name when the reference was written: of several, the one that went the same way. */
function targetOf(from: Resource, kind: string, name: string, namespace: string, byKind: ReadonlyMap<string, readonly Resource[]>): Resource | undefined {
  const isNear = (candidate: Resource): boolean => {
    if (namespace !== '') return candidate.namespaces.map(orDefault).includes(namespace);
    return !isNamespaced(from.object) || !isNamespaced(candidate.object) || namespaceOf(from.object) === namespaceOf(candidate.object);
  };
  const candidates = (byKind.get(kind) ?? []).filter((candidate) => candidate.names.includes(name) && isNear(candidate));
  return candidates.toSorted((a, b) => common(from, b) - common(from, a))[0];
}

function orDefault(namespace: string): string {
  return namespace === '' ? 'default' : namespace;
}

function common(one: Resource, other: Resource): number {
  return one.passed.filter((uri) => other.passed.includes(uri)).length;
}
