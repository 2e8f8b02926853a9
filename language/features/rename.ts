/** Rename of an object, with everything that names it, and of a label's key or value, with every selector that asks for it. */
import { checkLabelValue, checkQualifiedName } from '../../cluster-host/api/names.ts';
import type { Position, Range } from '../messages.ts';
import type { Span } from '../syntax/lines.ts';
import { scalarOf } from '../syntax/scalars.ts';
import type { LabelFact } from '../workspace/facts.ts';
import { rangeOf, sameNamespace } from '../workspace/index.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import { namedAt } from './definition.ts';
import { placeOf } from './feature.ts';
import type { FeatureContext, FileEdits, Place, TextEdit } from './feature.ts';

export interface RenameTarget {
  readonly range: Range;
  readonly text: string;
}

export type RenameAnswer = { readonly edits: readonly FileEdits[] } | { readonly refused: string };

interface Occurrence {
  readonly manifest: Manifest;
  readonly span: Span;
}

interface Renaming {
  readonly text: string;
  readonly occurrences: readonly Occurrence[];
  /** What is wrong with a new text. */
  problems(text: string): readonly string[];
}

/** What would be renamed at a position. */
export function prepareRename(context: FeatureContext, position: Position): RenameTarget | undefined {
  const place = placeOf(context, position);
  const renaming = place === undefined ? undefined : renamingAt(place, context.index);
  const here = renaming?.occurrences.find(({ manifest, span }) => manifest === place?.manifest && span.start <= place.offset && place.offset <= span.end);
  return renaming === undefined || here === undefined ? undefined : { range: rangeOf(here.manifest, here.span), text: renaming.text };
}

export function rename(context: FeatureContext, position: Position, newText: string): RenameAnswer {
  const place = placeOf(context, position);
  const renaming = place === undefined ? undefined : renamingAt(place, context.index);
  if (renaming === undefined) return { refused: 'There is no name or label to rename here.' };
  const problems = renaming.problems(newText);
  if (problems.length > 0) return { refused: problems.join('; ') };
  return { edits: editsOf(renaming.occurrences, newText) };
}

function renamingAt(place: Place, index: WorkspaceIndex): Renaming | undefined {
  return labelRenaming(place, index) ?? nameRenaming(place, index);
}

function nameRenaming(place: Place, index: WorkspaceIndex): Renaming | undefined {
  const targets = namedAt(place, index);
  const [first] = targets;
  if (first === undefined) return undefined;
  const occurrences = targets.flatMap((target) => [
    { manifest: target, span: target.facts.nameSpan },
    ...index.referencesTo(target).map(({ from, reference }) => ({ manifest: from, span: reference.span })),
  ]);
  return { text: first.facts.name, occurrences, problems: (text) => (text.trim() === '' || text.includes('/') ? ['a name must not be empty or contain "/"'] : []) };
}

function labelRenaming({ manifest, offset }: Place, index: WorkspaceIndex): Renaming | undefined {
  if (manifest === undefined) return undefined;
  for (const label of labelsIn(manifest)) {
    if (within(label.keySpan, offset)) {
      return { text: label.key, occurrences: occurrencesOf(manifest, index, ({ key }) => key === label.key, 'keySpan'), problems: checkQualifiedName };
    }
    if (within(label.valueSpan, offset)) {
      const same = ({ key, value }: LabelFact): boolean => key === label.key && value === label.value;
      return { text: label.value, occurrences: occurrencesOf(manifest, index, same, 'valueSpan'), problems: checkLabelValue };
    }
  }
  return undefined;
}

/** Labels are one vocabulary in a namespace: objects, templates and selectors change together. */
function occurrencesOf(origin: Manifest, index: WorkspaceIndex, same: (label: LabelFact) => boolean, span: 'keySpan' | 'valueSpan'): readonly Occurrence[] {
  return [...index.manifests()]
    .filter(({ facts }) => sameNamespace(facts.namespace, origin.facts.namespace))
    .flatMap((manifest) => labelsIn(manifest).filter(same).map((label) => ({ manifest, span: label[span] })));
}

function labelsIn({ facts }: Manifest): readonly LabelFact[] {
  return [...facts.labels, ...(facts.podLabels ?? []), ...facts.selections.flatMap(({ labels }) => labels)];
}

function editsOf(occurrences: readonly Occurrence[], newText: string): readonly FileEdits[] {
  const files = new Map<string, Map<string, TextEdit>>();
  for (const { manifest, span } of occurrences) {
    const edits = files.get(manifest.uri) ?? new Map<string, TextEdit>();
    // A pod's labels are both its own and those it is selected by: one edit.
    edits.set(`${manifest.start + span.start}`, { range: rangeOf(manifest, span), newText: scalarOf(newText) });
    files.set(manifest.uri, edits);
  }
  return [...files].map(([uri, edits]) => ({ uri, edits: [...edits.values()] }));
}

function within({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
