/** Completion of names of objects where a field names one, and of the keys of a ConfigMap or Secret. */
import { scalarOf, textOf } from '../../syntax/scalars.ts';
import { groupKindOf } from '../../workspace/facts.ts';
import { sameNamespace } from '../../workspace/index.ts';
import { find, valueAt } from '../../workspace/patterns.ts';
import { referenceFields } from '../../workspace/references.ts';
import { objectName } from '../links.ts';
import type { Completer } from './completer.ts';

export const completeNames: Completer = ({ cursor, manifest }, { index }) => {
  if (manifest === undefined || cursor.on === 'key') return [];
  const { groupKind, namespace } = manifest.facts;
  const at = JSON.stringify(cursor.path);
  return referenceFields(groupKind).flatMap((field) => {
    const named = find(cursor.value, field.pattern).find(({ path }) => JSON.stringify(path) === at);
    if (named !== undefined) {
      const kind = field.kind ?? (field.kindBeside === undefined ? '' : groupKindOf(groupOf(named.parent[field.kindBeside.group]), textOf(named.parent[field.kindBeside.kind])));
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

function groupOf(value: unknown): string {
  return typeof value === 'string' && value.includes('/') ? (value.split('/')[0] ?? '') : '';
}
