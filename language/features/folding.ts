/** What can be folded: every document of a file, and every map and list in it that has lines of its own. */
import { isMap, isNode, isSeq } from 'yaml';
import { spanOf } from '../syntax/nodes.ts';
import { rangeIn } from '../syntax/text.ts';
import type { PlacedDocument } from '../syntax/text.ts';
import type { FeatureContext } from './feature.ts';

/** Lines from 0, both inclusive. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
}

export function folds({ file, index }: FeatureContext): readonly Fold[] {
  const ours = new Set(index.manifestsIn(file.uri).map((manifest) => manifest.index));
  return file.text.documents.flatMap((document, position) => (ours.has(position) ? foldsBelow(document.syntax.yaml?.contents, undefined, document, file) : []));
}

/** `head`: offset of the key under which a value stands; items and documents fold under their first line. */
function foldsBelow(node: unknown, head: number | undefined, document: PlacedDocument, file: FeatureContext['file']): readonly Fold[] {
  if (!isMap(node) && !isSeq(node)) return [];
  const { start, end } = spanOf(node);
  const text = document.syntax.text.slice(start, end).trimEnd();
  const { start: first, end: last } = rangeIn(file.text, document, { start: head ?? start, end: start + text.length });
  const own = last.line > first.line ? [{ startLine: first.line, endLine: last.line }] : [];
  const inner = isMap(node)
    ? node.items.flatMap((pair) => foldsBelow(pair.value, isNode(pair.key) ? spanOf(pair.key).start : undefined, document, file))
    : node.items.flatMap((item) => foldsBelow(item, undefined, document, file));
  return [...own, ...inner];
}
