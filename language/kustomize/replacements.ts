/** `replacements`: values of one object written into others (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/). */
import type { Path } from '../../cluster-host/api/field-error.ts';
import { copy, isObject, setKey, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import { find } from '../workspace/patterns.ts';
import type { Files } from './files.ts';
import { resolvePath } from './files.ts';
import type { Entry } from './kustomization.ts';
import type { Report } from './problem.ts';
import type { Resource } from './resource.ts';
import { isMeant } from './targets.ts';

export function applyReplacements(resources: readonly Resource[], { path, value }: Entry<JsonObject>, kustomization: string, files: Files, report: Report): void {
  const file = textOf(value['path']);
  if (file === '') {
    replace(resources, value, path, report);
    return;
  }
  const uri = resolvePath(kustomization, file);
  const documents = uri === undefined ? undefined : files.documents(uri);
  if (documents === undefined) report([...path, 'path'], `no such file: ${file}`);
  for (const { value: content } of documents ?? []) for (const one of Array.isArray(content) ? content : [content]) if (isObject(one)) replace(resources, one, path, report);
}

function replace(resources: readonly Resource[], replacement: JsonObject, path: Path, report: Report): void {
  const { source } = replacement;
  if (!isObject(source)) {
    report(path, 'replacements must specify a source and at least one target');
    return;
  }
  const sources = resources.filter((resource) => isMeant(resource, source, true));
  const [from] = sources;
  if (from === undefined || sources.length > 1) {
    report([...path, 'source'], sources.length > 1 ? 'multiple matches for the source of the replacement' : 'nothing selected by the source of the replacement');
    return;
  }
  const sourcePath = textOf(source['fieldPath']) || 'metadata.name';
  const [found] = placesAt(from.object, stepsOf(sourcePath), false);
  if (found === undefined) {
    report([...path, 'source'], `fieldPath "${sourcePath}" is missing for the source of the replacement`);
    return;
  }
  const value = partOf(found.read(), optionsOf(source));
  for (const target of find(replacement, 'targets[]')) if (isObject(target.value)) replaceIn(resources, target.value, value, [...path, ...target.path], report);
}

interface PartOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

function optionsOf({ options }: JsonObject): PartOptions {
  const { delimiter, index, create } = isObject(options) ? options : {};
  return { delimiter: textOf(delimiter), index: typeof index === 'number' ? index : 0, create: create === true };
}

function partOf(value: unknown, { delimiter, index }: PartOptions): unknown {
  return delimiter === '' || typeof value !== 'string' ? value : (value.split(delimiter)[index] ?? '');
}

function replaceIn(resources: readonly Resource[], target: JsonObject, value: unknown, path: Path, report: Report): void {
  const options = optionsOf(target);
  const select = isObject(target['select']) ? target['select'] : {};
  const rejected = find(target, 'reject[]').map((entry) => entry.value).filter(isObject);
  const meant = resources.filter((resource) => isMeant(resource, select, false) && !rejected.some((reject) => isMeant(resource, reject, false)));
  const paths = find(target, 'fieldPaths[]').map((entry) => textOf(entry.value));
  for (const fieldPath of paths.length === 0 ? ['metadata.name'] : paths) {
    for (const { object } of meant) {
      const places = placesAt(object, stepsOf(fieldPath), options.create);
      if (places.length === 0) report(path, `unable to find field "${fieldPath}" in replacement target`);
      for (const place of places) place.write(withPart(place.read(), value, options));
    }
  }
}

/** The value in its part of the old text; before the first or behind the last part where the index is out of them. */
function withPart(old: unknown, value: unknown, { delimiter, index }: PartOptions): unknown {
  if (delimiter === '' || typeof old !== 'string') return copy(value);
  const parts = old.split(delimiter);
  if (index < 0) parts.unshift(textOf(value));
  else if (index >= parts.length) parts.push(textOf(value));
  else parts[index] = textOf(value);
  return parts.join(delimiter);
}

/** `spec.containers.[name=web].image`, `metadata.annotations.[a.b/c]`, `*` for every item. */
function stepsOf(fieldPath: string): readonly string[] {
  return (fieldPath.match(/\[[^\]]*\]|(?:\\.|[^.[\]])+/g) ?? []).map((step) => step.replaceAll('\\.', '.'));
}

interface Place {
  read(): unknown;
  write(value: unknown): void;
}

function placesAt(value: unknown, [step, ...rest]: readonly string[], create: boolean): readonly Place[] {
  if (step === undefined) return [];
  return childrenOf(value, step, create).flatMap((place) => {
    if (rest.length === 0) return [place];
    const child = place.read();
    if ((child === undefined || child === null) && create) place.write({});
    return placesAt(place.read(), rest, create);
  });
}

function childrenOf(value: unknown, step: string, create: boolean): readonly Place[] {
  if (Array.isArray(value)) return itemsAt(value, step);
  if (!isObject(value)) return [];
  if (step === '*') return Object.keys(value).map((key) => placeIn(value, key));
  const key = step.startsWith('[') ? step.slice(1, -1) : step;
  return Object.hasOwn(value, key) || create ? [placeIn(value, key)] : [];
}

function itemsAt(list: unknown[], step: string): readonly Place[] {
  const [, key, wanted] = /^\[(.*?)=(.*)\]$/.exec(step) ?? [];
  return [...list.entries()]
    .filter(([index, item]) => step === '*' || step === String(index) || (key !== undefined && (key === '' ? textOf(item) === wanted : isObject(item) && textOf(item[key]) === wanted)))
    .map(([index]) => ({ read: (): unknown => list[index], write: (value: unknown): void => void (list[index] = value) }));
}

function placeIn(object: JsonObject, key: string): Place {
  return { read: () => (Object.hasOwn(object, key) ? object[key] : undefined), write: (value) => setKey(object, key, value) };
}
