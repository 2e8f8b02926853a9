/** Completion of container images: those that the workspace names and those that the nodes have. */
import { scalarOf, textOf } from '../../syntax/scalars.ts';
import { find } from '../../workspace/patterns.ts';
import type { Completer, Completion, CompletionPlace, LiveCompleter } from './completer.ts';

export const completeWorkspaceImages: Completer = (place, { file }) => {
  if (!isImage(place)) return [];
  const images = file.text.documents.flatMap(({ syntax }) => imagesBelow(syntax.value));
  return completions(images, 'image in this file');
};

export const completeLiveImages: LiveCompleter = async (place, { images }) => (isImage(place) ? completions(await images(), 'image on a node') : []);

function isImage({ cursor: { path, on } }: CompletionPlace): boolean {
  return on === 'value' && path.at(-1) === 'image' && typeof path.at(-2) === 'number' && /containers$/i.test(String(path.at(-3)));
}

function imagesBelow(value: unknown): readonly string[] {
  const templates = ['spec', 'spec.template.spec', 'spec.jobTemplate.spec.template.spec'];
  return templates.flatMap((template) => ['containers', 'initContainers'].flatMap((list) => find(value, `${template}.${list}[].image`).map((found) => textOf(found.value))));
}

function completions(images: readonly string[], detail: string): readonly Completion[] {
  return images.filter((image) => image !== '').map((label) => ({ label, kind: 'name', detail, text: scalarOf(label) }));
}
