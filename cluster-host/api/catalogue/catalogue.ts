/**
 * The schema of every built-in type of Kubernetes 1.36: kinds, fields, types, list keys, patch strategies.
 *
 * Cheap to load: a text is split once, a type is read when it is first looked at. Field documentation is apart (docs.ts).
 */
import text from '../generated/catalogue.json' with { type: 'json' };
import type { GroupVersionKind } from '../object.ts';
import type { ModelType } from './read.ts';
import { readCatalogue } from './read.ts';

let models: ReadonlyMap<string, ModelType> | undefined;
let kinds: ReadonlyMap<string, ModelType> | undefined;

function allModels(): ReadonlyMap<string, ModelType> {
  return (models ??= readCatalogue(text));
}

function key({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}

function allKinds(): ReadonlyMap<string, ModelType> {
  return (kinds ??= new Map([...allModels().values()].flatMap((model) => (model.gvk === undefined ? [] : [[key(model.gvk), model]]))));
}

/** The type of a model (`V1PodSpec`); undefined where there is none. */
export function modelType(model: string): ModelType | undefined {
  return allModels().get(model);
}

/** The type of a whole object; undefined where Kubernetes has no such kind built in. */
export function kindType(gvk: GroupVersionKind): ModelType | undefined {
  return allKinds().get(key(gvk));
}

/** Every type, sorted by package. */
export function listModels(): readonly ModelType[] {
  return [...allModels().values()];
}

/** Every built-in kind, list kinds included. */
export function listKinds(): readonly GroupVersionKind[] {
  return [...allKinds().values()].flatMap((model) => (model.gvk === undefined ? [] : [model.gvk]));
}
