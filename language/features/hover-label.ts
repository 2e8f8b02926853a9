/** Hover on a label of an object or of a pod template: who selects it. */
import type { Position } from '../messages.ts';
import type { LabelFact } from '../workspace/facts.ts';
import { rangeOf } from '../workspace/index.ts';
import type { FeatureContext, Hover } from './feature.ts';
import { placeOf } from './feature.ts';
import { listing, manifestLink } from './links.ts';

export function hoverLabel(context: FeatureContext, position: Position): Hover | undefined {
  const place = placeOf(context, position);
  if (place?.manifest === undefined) return undefined;
  const { manifest, offset } = place;
  const label = labelAt([...manifest.facts.labels, ...(manifest.facts.podLabels ?? [])], offset);
  if (label === undefined) return undefined;
  const selections = context.index.selectorsOf(manifest).filter(({ selection }) => selection.selector.requirements.some(({ key }) => key === label.key));
  const range = rangeOf(manifest, { start: label.keySpan.start, end: label.valueSpan.end });
  if (selections.length === 0) return { range, markdown: `No selector in the workspace asks for label \`${label.key}\` of this object.` };
  return { range, markdown: listing(`Label \`${label.key}\` is asked for by:`, selections.map(({ from, selection }) => manifestLink(from, selection.span))) };
}

export function labelAt(labels: readonly LabelFact[], offset: number): LabelFact | undefined {
  return labels.find(({ keySpan, valueSpan }) => keySpan.start <= offset && offset <= valueSpan.end);
}
