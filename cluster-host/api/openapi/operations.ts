/** The requests that a served kind answers to, as OpenAPI operations: paths, verbs, bodies and query parameters. */
import type { KindDefinition, Subresource } from '../kind.ts';
import { kindType } from '../catalogue/catalogue.ts';
import type { GroupVersionKind } from '../object.ts';

export interface Operation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `list`, `post`, `deletecollection`, …: the value of `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly description: string;
  readonly tag: string;
  readonly gvk: GroupVersionKind;
  /** Definition names. */
  readonly body?: string;
  readonly response: string;
  readonly created?: true;
  readonly query: readonly string[];
  /** Media types of the body. kubectl takes its way of patching from them. */
  readonly consumes: readonly string[];
}

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];
const customPatchTypes = patchTypes.filter((type) => !type.includes('strategic'));

const status = 'io.k8s.apimachinery.pkg.apis.meta.v1.Status';
const patchBody = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';
const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

const writing = ['dryRun', 'fieldManager', 'fieldValidation'];
const selecting = ['continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds'];
const listing = ['allowWatchBookmarks', ...selecting, 'watch'];
const deleting = ['dryRun', 'gracePeriodSeconds', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents', 'propagationPolicy'];

interface Verb {
  readonly verb: string;
  readonly method: Operation['method'];
  readonly action: string;
  readonly idWord: string;
  /** Stands behind the version in the operation's id. */
  readonly idInfix?: string;
  readonly description: (kind: string) => string;
  readonly body?: 'object' | 'patch' | 'delete';
  readonly response: 'object' | 'list' | 'status';
  readonly query: readonly string[];
  readonly created?: true;
}

const collectionVerbs: readonly Verb[] = [
  { verb: 'list', method: 'get', action: 'list', idWord: 'list', description: (kind) => `list or watch objects of kind ${kind}`, response: 'list', query: listing },
  { verb: 'create', method: 'post', action: 'post', idWord: 'create', description: (kind) => `create a ${kind}`, body: 'object', response: 'object', query: writing, created: true },
  { verb: 'deletecollection', method: 'delete', action: 'deletecollection', idWord: 'delete', idInfix: 'Collection', description: (kind) => `delete collection of ${kind}`, body: 'delete', response: 'status', query: [...deleting, ...selecting] },
];

const objectVerbs: readonly Verb[] = [
  { verb: 'get', method: 'get', action: 'get', idWord: 'read', description: (kind) => `read the specified ${kind}`, response: 'object', query: [] },
  { verb: 'update', method: 'put', action: 'put', idWord: 'replace', description: (kind) => `replace the specified ${kind}`, body: 'object', response: 'object', query: writing, created: true },
  { verb: 'patch', method: 'patch', action: 'patch', idWord: 'patch', description: (kind) => `partially update the specified ${kind}`, body: 'patch', response: 'object', query: [...writing, 'force'], created: true },
  { verb: 'delete', method: 'delete', action: 'delete', idWord: 'delete', description: (kind) => `delete a ${kind}`, body: 'delete', response: 'status', query: deleting },
];

/** What a kind of the table answers to; operations whose bodies have no schema (streams) are left out. */
export function operationsOf(kind: KindDefinition): readonly Operation[] {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const word = `${groupWord(kind.group)}${capital(kind.version)}`;
  const scope = kind.namespaced ? 'Namespaced' : '';
  const make = (verbs: readonly Verb[], path: string, ids: { readonly scope: string; readonly name: string }, body: GroupVersionKind, allowed: readonly string[]) =>
    verbs.filter(({ verb }) => allowed.includes(verb)).flatMap((verb) => operation(kind, verb, path, `${verb.idWord}${word}${verb.idInfix ?? ''}${ids.scope}${ids.name}`, body));
  const list = kind.verbs.includes('list') && kind.namespaced ? make(collectionVerbs.slice(0, 1), `${root}/${kind.plural}`, { scope: '', name: `${kind.kind}ForAllNamespaces` }, kind, kind.verbs) : [];
  const subresources = Object.entries(kind.subresources).flatMap(([name, subresource]) =>
    make([...objectVerbs.slice(0, 3), ...collectionVerbs.slice(1, 2)], `${collection}/{name}/${name}`, { scope, name: `${kind.kind}${capital(name)}` }, bodyKind(kind, subresource), subresource.verbs),
  );
  return [
    ...make(collectionVerbs, collection, { scope, name: kind.kind }, kind, kind.verbs),
    ...make(objectVerbs, `${collection}/{name}`, { scope, name: kind.kind }, kind, kind.verbs),
    ...list,
    ...subresources,
  ];
}

function bodyKind(kind: KindDefinition, { group, version, kind: name }: Subresource): GroupVersionKind {
  return name === undefined ? kind : { group: group ?? kind.group, version: version ?? kind.version, kind: name };
}

function operation(kind: KindDefinition, verb: Verb, path: string, id: string, { group, version, kind: name }: GroupVersionKind): readonly Operation[] {
  const own = kind.custom?.published;
  const object = own !== undefined && name === kind.kind ? own.object : kindType({ group, version, kind: name })?.definition;
  const list = own === undefined ? kindType({ group: kind.group, version: kind.version, kind: `${kind.kind}List` })?.definition : own.list;
  const response = { object, list, status }[verb.response];
  const body = verb.body === undefined ? undefined : { object, patch: patchBody, delete: deleteOptions }[verb.body];
  if (response === undefined || (verb.body !== undefined && body === undefined)) return [];
  const { method, action, query, created } = verb;
  const patches = own === undefined ? patchTypes : customPatchTypes;
  return [
    { path, method, action, id, description: verb.description(name), tag: tagOf(kind), gvk: { group, version, kind: name }, response, query, consumes: method === 'patch' ? patches : ['*/*'], ...(body === undefined ? {} : { body }), ...(created === undefined ? {} : { created }) },
  ];
}

/** `core_v1`, `apps_v1`, `rbacAuthorization_v1`. */
function tagOf({ group, version }: KindDefinition): string {
  const word = groupWord(group);
  return `${word.charAt(0).toLowerCase()}${word.slice(1)}_${version}`;
}

function groupWord(group: string): string {
  if (group === '') return 'Core';
  return group.replace(/\.k8s\.io$/, '').split('.').map(capital).join('');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
