import type { V1Namespace } from '../generated/types.ts';
import { invalid } from '../field-errors.ts';
import { nameIsDnsLabel } from '../names.ts';
import { validateStandardFinalizer } from '../validation/object-meta.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind, metaOf } from './define-kind.ts';

/** The label that Kubernetes keeps on each namespace, so that selectors can name namespaces. */
const nameLabel = 'kubernetes.io/metadata.name';

/** The namespace controller empties a namespace before it lets go of it. */
const namespaceFinalizer = 'kubernetes';

export const namespace = defineKind<V1Namespace>({
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: { finalize: { verbs: ['update'] } },
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
  validateName: nameIsDnsLabel,
  setDefaults(object) {
    const meta = metaOf(object);
    if (meta.name) (meta.labels ??= {})[nameLabel] = meta.name;
  },
  prepareForCreate(object) {
    object.status = { phase: 'Active' };
    const finalizers = object.spec?.finalizers ?? [];
    if (!finalizers.includes(namespaceFinalizer)) object.spec = { ...object.spec, finalizers: [...finalizers, namespaceFinalizer] };
  },
  prepareForUpdate(object, old) {
    // Finalizers change through the finalize subresource only.
    object.spec = { ...object.spec, finalizers: [...(old.spec?.finalizers ?? [])] };
  },
  *validate({ spec }) {
    for (const name of spec?.finalizers ?? []) yield* validateStandardFinalizer(name, 'spec.finalizers');
  },
  *validateUpdate() {},
  status: {
    *validateUpdate({ metadata, status }) {
      const deleted = metadata?.deletionTimestamp !== undefined;
      const expected = deleted ? 'Terminating' : 'Active';
      if (status?.phase === expected) return;
      const detail = `may only be '${expected}' if \`deletionTimestamp\` is ${deleted ? 'not empty' : 'empty'}`;
      yield invalid('status.Phase', status?.phase ?? '', detail);
    },
  },
  columns: [text('Status', 'Whether the namespace is in use or going away.', ({ status }) => status?.phase ?? ''), ageColumn],
});
