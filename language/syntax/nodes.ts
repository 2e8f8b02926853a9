/** Small questions to the YAML library's nodes. */
import { isScalar } from 'yaml';
import type { Node, Pair, Scalar } from 'yaml';
import type { Span } from './lines.ts';

/** What is written, without quotes. Documents are parsed so that a scalar's value is always text. */
export function scalarText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

/** Undefined for keys that are no scalars. */
export function keyText(pair: Pair): string | undefined {
  return isScalar(pair.key) ? scalarText(pair.key) : undefined;
}

export function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

/** From the first to behind the last character; empty at the start of the document where there is no node. */
export function spanOf(node: Node | null | undefined): Span {
  const range = node?.range;
  return range === null || range === undefined ? { start: 0, end: 0 } : { start: range[0], end: range[1] };
}
