/** Completion of names of objects where a field names one, in the workspace and in the cluster, and of the keys of a ConfigMap or Secret. */
import { scalarOf, textOf } from '../../syntax/scalars.ts';
import { groupKindOf } from '../../workspace/facts.ts';
import { sameNamespace } from '../../workspace/index.ts';
import { find, valueAt, type Found } from '../../workspace/patterns.ts';
import { referenceFields, type ReferenceField } from '../../workspace/references.ts';
import { objectName } from '../links.ts';
import { apiVersions } from '../../workspace/api-versions.ts';
import type { Completer, CompletionPlace, LiveCompleter } from './completer.ts';

export const completeNames: Completer = ({ cursor, manifest }, { index }) => {
  if (manifest === undefined || cursor.on === 'key') return [];
  const { groupKind, namespace } = manifest.facts;
  const at = JSON.stringify(cursor.path);
  return referenceFields(groupKind).flatMap((field) => {
    const named = find(cursor.value, field.pattern).find(({ path }) => JSON.stringify(path) === at);
    if (named !== undefined) {
      const kind = kindNamed(field, named);
      const candidates = [...index.ofKind(kind)].filter(({ facts }) => facts.name !== '' && sameNamespace(facts.namespace, namespace));
      return [...new Map(candidates.map((each) => [each.facts.name, each])).values()].map((each) => ({ label: each.facts.name, kind: 'name' as const, detail: objectName(each), text: scalarOf(each.facts.name) }));
    }
    if (field.key === undefined || cursor.path.at(-1) !== field.key) return [];
    const beside = find(cursor.value, field.pattern).find(({ path }) => JSON.stringify([...path.slice(0, -1), field.key]) === at);
    const name = beside === undefined ? undefined : valueAt(cursor.value, beside.path);
    const keys = typeof name === 'string' ? index.definitions(field.kind ?? '', name, namespace).flatMap(({ facts }) => facts.keys ?? []) : [];
    return keys.map((label) => ({ label, kind: 'name' as const, detail: `key of ${field.kind}/${String(name)}`, text: scalarOf(label) }));
  });
};

export const completeLiveNames: LiveCompleter = async (place, { live }) => {
  const kind = namedKind(place);
  const apiVersion = kind === undefined ? undefined : apiVersions().get(kind);
  const namespace = place.manifest?.facts.namespace;
  if (kind === undefined || apiVersion === undefined) return [];
  const answer = await live({ apiVersion, kind: kind.slice(kind.lastIndexOf('/') + 1), limit: liveLimit, ...(namespace === undefined ? {} : { namespace }) });
  return answer.connected ? answer.objects.map(({ name }) => ({ label: name, kind: 'name' as const, detail: `in ${answer.context}`, text: scalarOf(name) })) : [];
};

/** Objects that the cluster is asked for. */
const liveLimit = 200;

/** The kind of the object whose name is being written. */
function namedKind({ cursor, manifest }: CompletionPlace): string | undefined {
  if (manifest === undefined || cursor.on === 'key') return undefined;
  const at = JSON.stringify(cursor.path);
  for (const field of referenceFields(manifest.facts.groupKind)) {
    const named = find(cursor.value, field.pattern).find(({ path }) => JSON.stringify(path) === at);
    if (named !== undefined) return kindNamed(field, named);
  }
  return undefined;
}

function kindNamed(field: ReferenceField, { parent }: Found): string {
  if (field.kind !== undefined) return field.kind;
  return field.kindBeside === undefined ? '' : groupKindOf(groupOf(parent[field.kindBeside.group]), textOf(parent[field.kindBeside.kind]));
}

function groupOf(value: unknown): string {
  return typeof value === 'string' && value.includes('/') ? (value.split('/')[0] ?? '') : '';
}
