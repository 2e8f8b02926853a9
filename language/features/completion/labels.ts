/** Completion of label keys and values in labels and selectors, from what the workspace and the cluster's pods have. */
import type { Path } from '../../../cluster-host/api/field-error.ts';
import { scalarOf } from '../../syntax/scalars.ts';
import type { LabelFact } from '../../workspace/facts.ts';
import { find } from '../../workspace/patterns.ts';
import { below, podTemplates } from '../../workspace/pod-templates.ts';
import { selectorFields } from '../../workspace/selectors.ts';
import type { Completer, Completion, CompletionPlace, LiveCompleter } from './completer.ts';

export const completeLabels: Completer = (place, { index }) => completionsOf(place, [...index.labels()], 'label');

/** Pods that the cluster is asked for: labels repeat. */
const liveLimit = 200;

export const completeLiveLabels: LiveCompleter = async (place, { live }) => {
  if (completionsOf(place, [{ key: 'a', value: 'a' }], '').length === 0 && keyBeside(place) === undefined) return [];
  const answer = await live({ apiVersion: 'v1', kind: 'Pod', allNamespaces: true, limit: liveLimit });
  if (!answer.connected) return [];
  const labels = answer.objects.flatMap((object) => Object.entries(object.labels).map(([key, value]) => ({ key, value })));
  return completionsOf(place, labels, `in ${answer.context}`);
};

type Label = Pick<LabelFact, 'key' | 'value'>;

function completionsOf(place: CompletionPlace, labels: readonly Label[], source: string): readonly Completion[] {
  const { cursor, document } = place;
  const key = keyBeside(place);
  if (key !== undefined) return values(labels, key, source);
  // On the value of an empty map the word may become its first key.
  return isHolder(place, cursor.path) ? keys(labels, document.syntax.text.slice(cursor.span.start, cursor.span.end), source) : [];
}

/** The key of the label whose value is being written. */
function keyBeside(place: CompletionPlace): string | undefined {
  const { path } = place.cursor;
  return isHolder(place, path.slice(0, -1)) ? String(path.at(-1)) : undefined;
}

function isHolder({ cursor, manifest }: CompletionPlace, path: Path): boolean {
  return manifest !== undefined && labelMaps(manifest.facts.groupKind, cursor.value).has(JSON.stringify(path));
}

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

function keys(labels: readonly Label[], typed: string, detail: string): readonly Completion[] {
  const all = new Set(labels.map(({ key }) => key).filter((key) => key !== typed));
  return [...all].map((key) => ({ label: key, kind: 'label', detail, text: `${scalarOf(key)}: ` }));
}

function values(labels: readonly Label[], key: string, source: string): readonly Completion[] {
  // The one being typed is empty still.
  const all = new Set(labels.filter((label) => label.key === key && label.value !== '').map(({ value }) => value));
  return [...all].map((value) => ({ label: value, kind: 'label', detail: source === 'label' ? `value of ${key}` : source, text: scalarOf(value) }));
}
