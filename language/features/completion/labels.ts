/** Completion of label keys and values in labels and selectors, from what the workspace has. */
import type { Path } from '../../../cluster-host/api/field-error.ts';
import { scalarOf } from '../../syntax/scalars.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { find } from '../../workspace/patterns.ts';
import { below, podTemplates } from '../../workspace/pod-templates.ts';
import { selectorFields } from '../../workspace/selectors.ts';
import type { Completer, Completion } from './completer.ts';

export const completeLabels: Completer = ({ cursor, manifest, document }, { index }) => {
  if (manifest === undefined) return [];
  const maps = labelMaps(manifest.facts.groupKind, cursor.value);
  const holder = (path: Path): boolean => maps.has(JSON.stringify(path));
  // On the value of an empty map the word may become its first key.
  if (holder(cursor.path)) return keys(index, document.syntax.text.slice(cursor.span.start, cursor.span.end));
  if (holder(cursor.path.slice(0, -1))) return values(index, String(cursor.path.at(-1)));
  return [];
};

/** Paths, as JSON, of every map of labels that the object has. */
function labelMaps(groupKind: string, value: unknown): ReadonlySet<string> {
  const template = podTemplates[groupKind];
  const patterns = [
    'metadata.labels',
    ...(template === undefined ? [] : [below(template, 'metadata.labels')]),
    ...selectorFields(groupKind).map(({ pattern, form }) => (form === 'map' ? pattern : `${pattern}.matchLabels`)),
  ];
  return new Set(patterns.flatMap((pattern) => find(value, pattern).map(({ path }) => JSON.stringify(path))));
}

function keys(index: WorkspaceIndex, typed: string): readonly Completion[] {
  const all = new Set([...index.labels()].map(({ key }) => key).filter((key) => key !== typed));
  return [...all].map((key) => ({ label: key, kind: 'label', detail: 'label', text: `${scalarOf(key)}: ` }));
}

function values(index: WorkspaceIndex, key: string): readonly Completion[] {
  // The one being typed is empty still.
  const all = new Set([...index.labels()].filter((label) => label.key === key && label.value !== '').map(({ value }) => value));
  return [...all].map((value) => ({ label: value, kind: 'label', detail: `value of ${key}`, text: scalarOf(value) }));
}
