/** Definition and references: of names, and of labels with the selectors that ask for them. */
import type { Position } from '../messages.ts';
import type { Span } from '../syntax/lines.ts';
import { labelsOf } from '../workspace/facts.ts';
import type { LabelFact, ReferenceFact, SelectionFact } from '../workspace/facts.ts';
import { rangeOf } from '../workspace/index.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import { placeOf } from './feature.ts';
import type { FeatureContext, Location, Place } from './feature.ts';
import { labelAt } from './hover-label.ts';
import { localDefinitions } from './local-definition.ts';
import { selectionAt } from './hover-selector.ts';

/** From a reference to the object that it names, or to what its own document or kustomization names; from a selector to what it selects. */
export function definitionsAt(context: FeatureContext, position: Position): readonly Location[] {
  const { index } = context;
  const place = placeOf(context, position);
  const from = place?.manifest;
  if (place === undefined) return [];
  const local = localDefinitions(context, place);
  if (local.length > 0 || from === undefined) return local;
  const reference = referenceAt(place);
  if (reference !== undefined) return index.targetsOf({ from, reference }).map((target) => locationOf(target, target.facts.nameSpan));
  const selected = selectionAt(from, place.offset);
  return selected === undefined ? [] : index.selectedBy(selected).map((target) => locationOf(target, selectedSpan(target, selected.selection)));
}

/** Everywhere an object is named or selected; with the definition itself where the client asks for it. */
export function referencesAt(context: FeatureContext, position: Position, includeDeclaration: boolean): readonly Location[] {
  const place = placeOf(context, position);
  const manifest = place?.manifest;
  if (place === undefined || manifest === undefined) return [];
  const label = labelAt([...manifest.facts.labels, ...(manifest.facts.podLabels ?? [])], place.offset);
  if (label !== undefined) return selectorLocations(manifest, label, context.index);
  return namedAt(place, context.index).flatMap((target) => [
    ...(includeDeclaration ? [locationOf(target, target.facts.nameSpan)] : []),
    ...context.index.referencesTo(target).map(({ from, reference }) => locationOf(from, reference.span)),
    ...context.index.selectorsOf(target).map(({ from, selection }) => locationOf(from, selection.span)),
  ]);
}

/** The objects whose name stands at a place: the manifest itself, or those that a reference names. */
export function namedAt(place: Place, index: WorkspaceIndex): readonly Manifest[] {
  const { manifest, offset } = place;
  if (manifest === undefined) return [];
  if (manifest.facts.name !== '' && holds(manifest.facts.nameSpan, offset)) return [manifest];
  const reference = referenceAt(place);
  return reference === undefined ? [] : index.targetsOf({ from: manifest, reference });
}

export function referenceAt({ manifest, offset }: Place): ReferenceFact | undefined {
  return manifest?.facts.references.find(({ span }) => holds(span, offset));
}

function selectorLocations(manifest: Manifest, { key }: LabelFact, index: WorkspaceIndex): readonly Location[] {
  return index
    .selectorsOf(manifest)
    .filter(({ selection }) => selection.selector.requirements.some((requirement) => requirement.key === key))
    .map(({ from, selection }) => locationOf(from, selection.labels.find((label) => label.key === key)?.keySpan ?? selection.span));
}

/** The first label that the selector asks for, else the object's name. */
function selectedSpan({ facts }: Manifest, { field, selector }: SelectionFact): Span {
  const labels = field.selects === 'Pod' ? (facts.podLabels ?? []) : facts.labels;
  const keys = new Set(selector.requirements.map(({ key }) => key).filter((key) => Object.hasOwn(labelsOf(labels), key)));
  return labels.find(({ key }) => keys.has(key))?.keySpan ?? facts.nameSpan;
}

function locationOf(manifest: Manifest, span: Span): Location {
  return { uri: manifest.uri, range: rangeOf(manifest, span) };
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
