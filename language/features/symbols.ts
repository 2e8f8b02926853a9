/** Outline of a file (an object a document, its fields below) and search for objects across the workspace. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import type { Range } from '../messages.ts';
import { keyText, scalarText, spanOf } from '../syntax/nodes.ts';
import { rangeOf } from '../workspace/index.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import type { FeatureContext, Location } from './feature.ts';
import { objectName } from './links.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'object' | 'field' | 'item' | 'value';
  readonly range: Range;
  readonly selectionRange: Range;
  readonly children: readonly DocumentSymbol[];
}

export interface WorkspaceSymbol extends Location {
  /** `Deployment/web`. */
  readonly name: string;
  readonly namespace: string;
}

const maxDepth = 12;

export function documentSymbols({ file, index }: FeatureContext): readonly DocumentSymbol[] {
  const manifests = index.manifestsIn(file.uri).filter(({ facts }) => !facts.isItem);
  return manifests.map((manifest) => {
    const root = file.text.documents[manifest.index]?.syntax.yaml?.contents;
    const { span, nameSpan, namespace = '' } = manifest.facts;
    return { name: objectName(manifest), detail: namespace, kind: 'object', range: rangeOf(manifest, span), selectionRange: rangeOf(manifest, nameSpan), children: childrenOf(root, manifest, maxDepth) };
  });
}

function childrenOf(node: unknown, manifest: Manifest, depth: number): readonly DocumentSymbol[] {
  if (depth === 0) return [];
  if (isSeq(node)) {
    return node.items.flatMap((item, position) => (isMap(item) ? [symbolOf(itemName(item) ?? `[${position}]`, 'item', item, item, manifest, depth)] : []));
  }
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => {
    const name = keyText(pair);
    if (name === undefined || name === '' || !isScalar(pair.key)) return [];
    return [symbolOf(name, isScalar(pair.value) ? 'value' : 'field', pair.key, pair.value, manifest, depth)];
  });
}

function symbolOf(name: string, kind: DocumentSymbol['kind'], key: Node, value: unknown, manifest: Manifest, depth: number): DocumentSymbol {
  const keySpan = spanOf(key);
  const end = Math.max(keySpan.end, isScalar(value) || isMap(value) || isSeq(value) ? spanOf(value).end : 0);
  return {
    name,
    detail: isScalar(value) && kind === 'value' ? (scalarText(value).split('\n')[0] ?? '') : '',
    kind,
    range: rangeOf(manifest, { start: keySpan.start, end }),
    selectionRange: rangeOf(manifest, kind === 'item' ? { start: keySpan.start, end: keySpan.start } : keySpan),
    children: childrenOf(value, manifest, depth - 1),
  };
}

/** Items of Kubernetes lists mostly have a name. */
function itemName(item: unknown): string | undefined {
  if (!isMap(item)) return undefined;
  const name = item.items.find((pair) => keyText(pair) === 'name')?.value;
  return isScalar(name) && scalarText(name) !== '' ? scalarText(name) : undefined;
}

/** Objects whose `kind/name` has the letters of the query in their order. */
export function workspaceSymbols(index: WorkspaceIndex, query: string, limit: number): readonly WorkspaceSymbol[] {
  const letters = query.toLowerCase();
  const found: WorkspaceSymbol[] = [];
  for (const manifest of index.manifests()) {
    const name = objectName(manifest);
    if (!hasInOrder(name.toLowerCase(), letters)) continue;
    found.push({ name, namespace: manifest.facts.namespace ?? '', uri: manifest.uri, range: rangeOf(manifest, manifest.facts.nameSpan) });
    if (found.length === limit) break;
  }
  return found;
}

function hasInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}
