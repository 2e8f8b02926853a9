/** Patches of a kustomization: strategic merges and JSON patches (RFC 6902), from files or written in place. */
import type { Path } from '../../cluster-host/api/field-error.ts';
import type { Type } from '../../cluster-host/api/catalogue/schema.ts';
import { applyJsonPatch } from '../../cluster-host/api/patch/json-patch.ts';
import { applyMergePatch } from '../../cluster-host/api/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../cluster-host/api/patch/strategic-merge-patch.ts';
import { equal, isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { parseYamlText } from '../syntax/text.ts';
import { textOf } from '../syntax/scalars.ts';
import { resolvePath, type Files } from './files.ts';
import type { Entry } from './kustomization.ts';
import type { Report } from './problem.ts';
import { gvkOf, metadataOf, nameOf, namespaceOf, rename, typeOf, type Origin, type Resource } from './resource.ts';
import { isMeant } from './targets.ts';

/** Applies a patch; resources that it deletes are missing from what is returned. */
export function applyPatch(resources: readonly Resource[], { path, value }: Entry<JsonObject>, kustomization: string, files: Files, report: Report): readonly Resource[] {
  const origins = patchesOf(value, path, kustomization, files, report);
  const target = isObject(value['target']) ? value['target'] : undefined;
  const options = isObject(value['options']) ? value['options'] : {};
  let remaining = resources;
  for (const origin of origins) {
    const meant = target === undefined ? ownTarget(remaining, origin, path, report) : remaining.filter((resource) => isMeant(resource, target, false));
    const deleted = new Set<Resource>();
    for (const resource of meant) if (!patchOne(resource, origin, options, (message) => report(path, message))) deleted.add(resource);
    remaining = remaining.filter((resource) => !deleted.has(resource));
  }
  return remaining;
}

/** A file may have several strategic patches; a JSON patch is one list. */
function patchesOf(value: JsonObject, path: Path, kustomization: string, files: Files, report: Report): readonly Origin[] {
  const file = textOf(value['path']);
  if (file !== '') {
    const uri = resolvePath(kustomization, file);
    const documents = uri === undefined ? undefined : files.documents(uri);
    if (uri === undefined || documents === undefined) {
      report([...path, 'path'], `unable to load patch: no such file: ${file}`);
      return [];
    }
    return documents.flatMap(({ value: content }, document) => (content === null || content === undefined ? [] : [{ uri, document, base: [], value: content }]));
  }
  const documents = parseYamlText(textOf(value['patch'])).documents.map(({ syntax }) => syntax);
  if (documents.some(({ problems }) => problems.length > 0)) report([...path, 'patch'], `unable to parse SM or JSON patch: ${documents.flatMap(({ problems }) => problems)[0]?.message ?? ''}`);
  // A text in the text has no places of its own: all of it stands where the patch does.
  return documents.flatMap((syntax) => (syntax.value === null || syntax.value === undefined ? [] : [{ uri: kustomization, document: 0, base: [...path, 'patch'], value: syntax.value }]));
}

/** A strategic patch without a target says itself whom it means. */
function ownTarget(resources: readonly Resource[], { value }: Origin, path: Path, report: Report): readonly Resource[] {
  if (!isObject(value) || nameOf(value) === '' || textOf(value['kind']) === '') {
    report(path, Array.isArray(value) ? 'must specify a target for JSON patch' : 'unable to parse SM or JSON patch: kind and metadata.name are needed');
    return [];
  }
  const [gvk, name, namespace] = [gvkOf(value), nameOf(value), namespaceOf(value)];
  const meant = resources.filter((resource) => equal(gvkOf(resource.object), gvk) && resource.names.includes(name) && (namespace === '' || resource.namespaces.includes(namespace)));
  if (meant.length === 0) report(path, `no resource matches strategic merge patch "${gvk.kind}.${gvk.version}.${gvk.group === '' ? '[noGrp]' : gvk.group}/${name}"`);
  return meant;
}

/** Whether the resource is still there. */
function patchOne(resource: Resource, origin: Origin, options: JsonObject, report: (message: string) => void): boolean {
  const before = resource.object;
  const patched = patchedObject(before, origin.value, report);
  if (patched === undefined) return true;
  if (patched === null) return false;
  const name = nameOf(patched);
  resource.object = { ...patched, ...(options['allowKindChange'] === true ? {} : { kind: before['kind'] }) };
  metadataOf(resource.object)['name'] = nameOf(before);
  if (options['allowNameChange'] === true) rename(resource, name);
  resource.origins.push(origin);
  return true;
}

/** Null where the patch deletes the object, undefined where it does not apply. */
function patchedObject(object: JsonObject, patch: unknown, report: (message: string) => void): JsonObject | null | undefined {
  if (isObject(patch) && patch['$patch'] === 'delete') return null;
  try {
    const result = Array.isArray(patch) ? applyJsonPatch(object, patch as readonly object[]) : merged(object, patch);
    if (isObject(result)) return result;
    report('the patch leaves no object');
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

function merged(object: JsonObject, patch: unknown): unknown {
  const type = typeOf(object);
  if (!isObject(patch) || type === undefined) return applyMergePatch(object, patch);
  const result = applyStrategicMergePatch(object, patch, type);
  orderAsPatched(result, patch, type);
  return result;
}

/** Kustomize puts what a patch names before the rest of a list; the API server puts it behind. */
function orderAsPatched(result: unknown, patch: unknown, type: Type | undefined): void {
  if (!isObject(result) || !isObject(patch) || type?.kind !== 'struct') return;
  for (const [name, value] of Object.entries(patch)) {
    const field = type.fields.get(name);
    const list = result[name];
    if (!Array.isArray(value) || !Array.isArray(list)) orderAsPatched(list, value, field?.type);
    else if (field?.patchMergeKey !== undefined && field.type.kind === 'list') {
      const key = field.patchMergeKey;
      const position = (item: unknown): number => value.findIndex((patched: unknown) => isObject(patched) && isObject(item) && patched[key] === item[key]);
      const isNamed = (item: unknown): boolean => position(item) !== -1;
      result[name] = [...list.filter(isNamed).toSorted((a, b) => position(a) - position(b)), ...list.filter((item) => !isNamed(item))];
      for (const item of list.filter(isNamed)) orderAsPatched(item, value[position(item)], field.type.item);
    }
  }
}

