/** Completion of `apiVersion` and `kind`, and of whole objects where a document begins. */
import { kindType, listKinds } from '../../../cluster-host/api/catalogue/catalogue.ts';
import { apiVersionOf } from '../../../cluster-host/api/object.ts';
import type { GroupVersionKind } from '../../../cluster-host/api/object.ts';
import { isToolFile } from '../../workspace/foreign.ts';
import { valueAt } from '../../workspace/patterns.ts';
import type { Completer, Completion } from './completer.ts';
import { snippetFor } from './snippets.ts';
import { textOf } from '../../syntax/scalars.ts';

export const completeHeader: Completer = ({ cursor }, { file }) => {
  if (isToolFile(file.uri)) return [];
  const [field] = cursor.path;
  if (cursor.path.length === 0) return beginsObject(cursor.value) ? wholeObjects() : [];
  if (cursor.path.length > 1 || cursor.on === 'key') return [];
  if (field === 'kind') return kinds(valueAt(cursor.value, ['apiVersion']));
  if (field === 'apiVersion') return apiVersions(valueAt(cursor.value, ['kind']));
  return [];
};

/** Nothing but the word being typed, or a half-written head. */
function beginsObject(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length <= 1;
}

function writable(): readonly GroupVersionKind[] {
  return listKinds().filter((gvk) => !gvk.kind.endsWith('List') && kindType(gvk)?.fields.has('metadata') === true);
}

function kinds(apiVersion: unknown): readonly Completion[] {
  const all = writable();
  const fitting = all.filter((gvk) => apiVersionOf(gvk) === apiVersion);
  return (fitting.length > 0 ? fitting : all).map((gvk) => ({ label: gvk.kind, kind: 'kind', detail: apiVersionOf(gvk) }));
}

function apiVersions(kind: unknown): readonly Completion[] {
  const all = writable();
  const fitting = all.filter((gvk) => gvk.kind === kind);
  const versions = new Set((fitting.length > 0 ? fitting : all).map(apiVersionOf));
  return [...versions].map((label) => ({ label, kind: 'kind', detail: fitting.length > 0 ? textOf(kind) : 'apiVersion' }));
}

function wholeObjects(): readonly Completion[] {
  return writable().map((gvk) => ({ label: gvk.kind, kind: 'snippet', detail: `new ${apiVersionOf(gvk)} ${gvk.kind}`, text: snippetFor(gvk) }));
}
