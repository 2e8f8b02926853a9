/** What a kustomization says about the files around it, before it is built: which are patches, and which objects it generates. */
import { isObject } from '../../cluster-host/api/values.ts';
import { isKustomizationFile, resolvePath } from '../kustomize/files.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import { markOf } from '../syntax/locate.ts';
import { textOf } from '../syntax/scalars.ts';
import type { YamlText } from '../syntax/text.ts';
import type { ManifestFacts } from './facts.ts';
import type { Manifest } from './index.ts';
import { find, type Found } from './patterns.ts';

const patches = ['patches[].path', 'patchesStrategicMerge[]', 'patchesJson6902[].path'];

/** URIs of the patches that a kustomization names: half objects by design, no manifests of their own. None for other files. */
export function patchFiles(uri: string, { documents }: YamlText): readonly string[] {
  if (!isKustomizationFile(uri)) return [];
  const named = documents.flatMap(({ syntax }) => patches.flatMap((pattern) => find(syntax.value, pattern)));
  // Strategic merge patches may also stand in the kustomization itself, as text: those name no file.
  return named.flatMap(({ value }) => (typeof value === 'string' && !value.includes('\n') ? (resolvePath(uri, value) ?? []) : []));
}

const generators = { configMapGenerator: 'ConfigMap', secretGenerator: 'Secret' } as const;

/** The ConfigMaps and Secrets that a kustomization generates, under the names by which they are referred to. */
export function generatedManifests(uri: string, { documents, lines }: YamlText): readonly Manifest[] {
  if (!isKustomizationFile(uri)) return [];
  return documents.flatMap(({ syntax, start }, index) =>
    Object.entries(generators).flatMap(([field, kind]) => find(syntax.value, `${field}[]`).flatMap((entry) => generatedFacts(syntax, kind, entry).map((facts) => ({ uri, index, start, lines, facts })))),
  );
}

function generatedFacts(syntax: DocumentSyntax, kind: string, { path, value }: Found): readonly ManifestFacts[] {
  // One that merges into another brings nothing of its own.
  if (!isObject(value) || textOf(value['name']) === '' || value['behavior'] === 'merge' || value['behavior'] === 'replace') return [];
  const nameSpan = markOf(syntax, [...path, 'name']);
  const facts = { apiVersion: 'v1', kind, groupKind: kind, name: textOf(value['name']), isItem: true, span: nameSpan, nameSpan, kindSpan: nameSpan, labels: [], references: [], selections: [] };
  // What keys a file of variables has, only building tells.
  return [value['envs'] === undefined && value['env'] === undefined ? { ...facts, keys: keysOf(value) } : facts];
}

function keysOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  const literals = find(value, 'literals[]').map((literal) => textOf(literal.value).split('=')[0] ?? '');
  const files = find(value, 'files[]').map((file) => textOf(file.value)).map((file) => (file.includes('=') ? (file.split('=')[0] ?? '') : file.slice(file.lastIndexOf('/') + 1)));
  return [...literals, ...files];
}
