/** Completion of `apiVersion` and `kind`, and of whole objects where a document begins. */
import { kindType, listKinds } from '../../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf } from '../../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../../cluster-host/api/object.ts';
import type { CustomKinds } from '../../schema/custom-kinds.ts';
import { isToolFile } from '../../workspace/foreign.ts';
import { valueAt } from '../../workspace/patterns.ts';
import type { Completer, Completion } from './completer.ts';
import { snippetFor } from './snippets.ts';
import { textOf } from '../../syntax/scalars.ts';

export const completeHeader: Completer = ({ cursor }, { file, customKinds }) => {
  if (isToolFile(file.uri)) return [];
  const [field] = cursor.path;
  if (cursor.path.length === 0) return beginsObject(cursor.value) ? wholeObjects(writable(customKinds), customKinds) : [];
  if (cursor.path.length > 1 || cursor.on === 'key') return [];
  if (field === 'kind') return kinds(writable(customKinds), valueAt(cursor.value, ['apiVersion']));
  if (field === 'apiVersion') return apiVersions(writable(customKinds), valueAt(cursor.value, ['kind']));
  return [];
};

/** Nothing but the word being typed, or a half-written head. */
function beginsObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length <= 1;
}

/** Kinds that people write: those that have a name of their own. */
function writable(customKinds: CustomKinds): readonly GroupVersionKind[] {
  const builtIn = listKinds().filter((gvk) => !gvk.kind.endsWith('List') && kindType(gvk)?.fields.has('metadata') === true);
  return [...builtIn, ...customKinds.list().map(({ definition: { group, version, kind } }) => ({ group, version, kind }))];
}

function kinds(all: readonly GroupVersionKind[], apiVersion: unknown): readonly Completion[] {
  const fitting = all.filter((gvk) => apiVersionOf(gvk) === apiVersion);
  return (fitting.length > 0 ? fitting : all).map((gvk) => ({ label: gvk.kind, kind: 'kind', detail: apiVersionOf(gvk) }));
}

function apiVersions(all: readonly GroupVersionKind[], kind: unknown): readonly Completion[] {
  const fitting = all.filter((gvk) => gvk.kind === kind);
  const versions = new Set((fitting.length > 0 ? fitting : all).map(apiVersionOf));
  return [...versions].map((label) => ({ label, kind: 'kind', detail: fitting.length > 0 ? textOf(kind) : 'apiVersion' }));
}

function wholeObjects(all: readonly GroupVersionKind[], customKinds: CustomKinds): readonly Completion[] {
  return all.map((gvk) => ({ label: gvk.kind, kind: 'snippet', detail: `new ${apiVersionOf(gvk)} ${gvk.kind}`, text: snippetFor(gvk, kindType(gvk) ?? customKinds.find(gvk)?.definition.custom?.type) }));
}
