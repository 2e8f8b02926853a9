/**
 * Builds a kustomization as `kubectl kustomize` does (kustomize 5.8), without a network, plugins or charts: what is asked of
 * those is refused by name. Never throws; builds on as far as it can.
 */
import { copy, isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { find } from '../workspace/patterns.ts';
import { isRemote, kustomizationIn, resolvePath, type Files } from './files.ts';
import { generate, type GeneratedKind } from './generators.ts';
import { setImages, setReplicas } from './images.ts';
import { readKustomization, type Entry, type Kustomization } from './kustomization.ts';
import { addAnnotations, addLabels } from './labels.ts';
import { contentHash } from './name-hash.ts';
import { addAffixes, followNames, setNamespace } from './names.ts';
import { inOrder } from './order.ts';
import { applyPatch } from './patches.ts';
import type { KustomizeProblem, Report } from './problem.ts';
import { applyReplacements } from './replacements.ts';
import { groupKind, metadataOf, nameOf, namespaceOf, newResource, rename, type Origin, type Resource } from './resource.ts';

export interface Built {
  readonly resources: readonly Resource[];
  readonly problems: readonly KustomizeProblem[];
  /** The kustomizations that took part, this one included. */
  readonly kustomizations: ReadonlySet<string>;
}

/** `uri`: of the kustomization file. */
export function build(uri: string, files: Files): Built {
  const builder = new Builder(files);
  const resources = builder.accumulate(uri, [], () => undefined);
  for (const resource of resources) if (resource.needsHash) rename(resource, `${nameOf(resource.object)}-${contentHash(resource.object)}`);
  followNames(resources);
  const ordered = builder.keepsOrder ? resources : inOrder(resources);
  return { resources: ordered, problems: builder.problems, kustomizations: builder.kustomizations };
}

class Builder {
  readonly problems: KustomizeProblem[] = [];
  readonly kustomizations = new Set<string>();
  keepsOrder = false;
  readonly #files: Files;
  /** Those that are being built, the outermost first. */
  readonly #stack: string[] = [];

  constructor(files: Files) {
    this.#files = files;
  }

  /** `given`: what a component changes. `refuse` says what is wrong with being asked for this kustomization. */
  accumulate(uri: string, given: readonly Resource[], refuse: (message: string) => void): readonly Resource[] {
    if (this.#stack.includes(uri)) {
      refuse(`cycle detected: ${[...this.#stack.slice(this.#stack.indexOf(uri)), uri].map(shortName).join(' -> ')}`);
      return given;
    }
    this.kustomizations.add(uri);
    const [syntax] = this.#files.documents(uri) ?? [];
    // Its own syntax error is told; what a broken file means nobody can tell.
    if (syntax?.problems.some(({ rule }) => rule === 'yaml') === true) return given;
    this.#stack.push(uri);
    const report: Report = (path, message, refused) => void this.problems.push({ uri, path, message, refused: refused !== undefined });
    const kustomization = readKustomization(syntax?.value, report);
    if (this.#stack.length === 1) this.keepsOrder = kustomization.keepsOrder;
    let resources = this.#load(uri, kustomization, given, report);
    resources = this.#generate(uri, kustomization, resources, report);
    for (const component of kustomization.components) resources = this.#component(uri, component, resources, report);
    resources = this.#transform(uri, kustomization, resources, report);
    for (const { passed } of resources) passed.push(uri);
    this.#stack.pop();
    return resources;
  }

  #load(uri: string, { resources }: Kustomization, given: readonly Resource[], report: Report): readonly Resource[] {
    let all = given;
    for (const entry of resources) {
      for (const resource of this.#loadOne(uri, entry, report)) {
        const twin = all.find((other) => isSame(other, resource));
        if (twin === undefined) all = [...all, resource];
        else report(entry.path, `may not add resource with an already registered id: ${groupKind(resource.object)}/${nameOf(resource.object)}`);
      }
    }
    return all;
  }

  #loadOne(uri: string, { path, value }: Entry<string>, report: Report): readonly Resource[] {
    if (isRemote(value)) {
      report(path, `remote resources are not fetched: ${value}`, 'refused');
      return [];
    }
    const file = resolvePath(uri, value);
    const nested = file === undefined ? undefined : kustomizationIn(file, this.#files);
    if (nested !== undefined) return this.accumulate(nested, [], (message) => report(path, message));
    const documents = file === undefined ? undefined : this.#files.documents(file);
    if (file === undefined || documents === undefined) {
      report(path, `accumulating resources: no such file or kustomization: ${value}`);
      return [];
    }
    return documents.flatMap((syntax, document) => objectsIn({ uri: file, document, base: [], value: syntax.value }));
  }

  #generate(uri: string, { configMaps, secrets, generatorOptions }: Kustomization, resources: readonly Resource[], report: Report): readonly Resource[] {
    const entries = [...configMaps.map((entry) => ['ConfigMap', entry] as const), ...secrets.map((entry) => ['Secret', entry] as const)];
    return entries.reduce((all, [kind, entry]) => this.#generateOne(uri, kind, entry, generatorOptions, all, report), resources);
  }

  #generateOne(uri: string, kind: GeneratedKind, entry: Entry<JsonObject>, options: JsonObject, resources: readonly Resource[], report: Report): readonly Resource[] {
    const generated = generate(kind, entry, options, uri, this.#files, report);
    if (generated === undefined) return resources;
    const { object, behavior, needsHash } = generated;
    const origin: Origin = { uri, document: 0, base: entry.path, value: entry.value };
    const made = newResource(object, origin);
    const existing = resources.find((resource) => groupKind(resource.object) === kind && resource.names.includes(nameOf(object)) && (namespaceOf(object) === '' || resource.namespaces.includes(namespaceOf(object))));
    if (behavior === 'create') {
      if (existing !== undefined && isSame(existing, made)) report(entry.path, `id ${kind}/${nameOf(object)} exists; behavior must be merge or replace`);
      return [...resources, { ...made, needsHash }];
    }
    if (existing === undefined) {
      report(entry.path, `id ${kind}/${nameOf(object)} does not exist; cannot merge or replace`);
      return resources;
    }
    existing.object = behavior === 'merge' ? mergedContent(existing.object, object) : { ...object, metadata: mergedMetadata(existing.object, object) };
    existing.origins.push(origin);
    return resources;
  }

  #component(uri: string, { path, value }: Entry<string>, resources: readonly Resource[], report: Report): readonly Resource[] {
    const folder = isRemote(value) ? undefined : resolvePath(uri, value);
    const component = folder === undefined ? undefined : kustomizationIn(folder, this.#files);
    if (component !== undefined) return this.accumulate(component, resources, (message) => report(path, message));
    if (isRemote(value)) report(path, `remote components are not fetched: ${value}`, 'refused');
    else report(path, `accumulating components: no kustomization in ${value}`);
    return resources;
  }

  #transform(uri: string, kustomization: Kustomization, given: readonly Resource[], report: Report): readonly Resource[] {
    const resources = kustomization.patches.reduce((all, patch) => applyPatch(all, patch, uri, this.#files, report), given);
    setNamespace(resources, kustomization.namespace);
    addAffixes(resources, kustomization.namePrefix, kustomization.nameSuffix);
    addLabels(resources, kustomization.labels);
    addAnnotations(resources, kustomization.annotations);
    setReplicas(resources, kustomization.replicas, report);
    setImages(resources, kustomization.images);
    for (const replacement of kustomization.replacements) applyReplacements(resources, replacement, uri, this.#files, report);
    return resources;
  }
}

function shortName(uri: string): string {
  return decodeURIComponent(uri.split('/').slice(-2).join('/'));
}

function isSame(one: Resource, other: Resource): boolean {
  return groupKind(one.object) === groupKind(other.object) && nameOf(one.object) === nameOf(other.object) && namespaceOf(one.object) === namespaceOf(other.object);
}

/** The object of a document, or the items of its list. */
function objectsIn(origin: Origin): readonly Resource[] {
  const { value } = origin;
  if (!isObject(value) || typeof value['kind'] !== 'string') return [];
  if (value['kind'] !== 'List' || !Array.isArray(value['items'])) return [newResource(copy(value), origin)];
  return find(value, 'items[]').flatMap(({ path, value: item }) => objectsIn({ ...origin, base: [...origin.base, ...path], value: item }));
}

function mergedContent(old: JsonObject, added: JsonObject): JsonObject {
  const merged: JsonObject = { ...old, ...added, metadata: mergedMetadata(old, added) };
  for (const field of ['data', 'binaryData']) {
    const content = { ...(isObject(old[field]) ? old[field] : {}), ...(isObject(added[field]) ? added[field] : {}) };
    if (Object.keys(content).length > 0) merged[field] = content;
  }
  return merged;
}

function mergedMetadata(old: JsonObject, added: JsonObject): JsonObject {
  const [before, after] = [metadataOf(old), metadataOf(added)];
  const both = (field: string): JsonObject => {
    const content = { ...(isObject(before[field]) ? before[field] : {}), ...(isObject(after[field]) ? after[field] : {}) };
    return Object.keys(content).length === 0 ? {} : { [field]: content };
  };
  return { ...before, ...both('labels'), ...both('annotations') };
}

