/** The files that a kustomization merges into others: half objects by design, no manifests of their own. */
import type { YamlText } from '../syntax/text.ts';
import { find } from './patterns.ts';

const kustomizationFile = /\/kustomization(?:\.ya?ml)?$/i;
const patches = ['patches[].path', 'patchesStrategicMerge[]', 'patchesJson6902[].path'];

/** URIs of the patches that a kustomization names; none for other files. */
export function patchFiles(uri: string, { documents }: YamlText): readonly string[] {
  if (!kustomizationFile.test(uri)) return [];
  return documents.flatMap(({ syntax }) => patches.flatMap((pattern) => find(syntax.value, pattern)).flatMap(({ value }) => resolve(uri, value)));
}

/** Strategic merge patches may also stand in the kustomization itself, as text: those name no file. */
function resolve(uri: string, path: unknown): readonly string[] {
  return typeof path === 'string' && !path.includes('\n') && URL.canParse(path, uri) ? [new URL(path, uri).href] : [];
}
