import { fill } from '../defaults/fill.ts';
import { duplicate, invalid, required, tooLong } from '../field-errors.ts';
import type { V1StorageClass, V1TopologySelectorTerm } from '../generated/types.ts';
import { byteLength } from '../text.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { oneOf, qualifiedName, unchanged } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { storageClassWarnings } from './storage-warnings.ts';

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const storageClass = defineKind<V1StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  setDefaults: (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate,
  *validateUpdate(object, old) {
    yield* validate(object);
    for (const name of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const) yield* unchanged(name, object[name], old[name]);
  },
  warnings: storageClassWarnings,
  columns: [
    {
      head: { name: 'Name', type: 'string', format: 'name', description: 'The name of the class, and whether it is the default one.', priority: 0 },
      cell: ({ metadata }) => {
        const isDefault = defaultAnnotations.some((key) => metadata?.annotations?.[key] === 'true');
        return `${metadata?.name ?? ''}${isDefault ? ' (default)' : ''}`;
      },
    },
    text('Provisioner', 'Who makes volumes of the class.', ({ provisioner }) => provisioner ?? ''),
    text('ReclaimPolicy', 'What becomes of its volumes when their claims are gone.', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    text('VolumeBindingMode', 'When volumes are made.', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    text('AllowVolumeExpansion', 'Whether its volumes can grow.', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    ageColumn,
  ],
});

function* validate(object: V1StorageClass): Errors {
  yield* validateProvisioner('provisioner', object.provisioner ?? '');
  yield* validateParameters(object.parameters ?? {}, 'parameters');
  if (object.reclaimPolicy) yield* oneOf('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']);
  if (object.volumeBindingMode === undefined) yield required('volumeBindingMode');
  else yield* oneOf('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
  yield* validateTopologies(object.allowedTopologies ?? []);
}

/** Who makes volumes, or changes them. */
export function* validateProvisioner(field: string, name: string): Errors {
  if (name === '') yield required(field);
  else yield* qualifiedName(field, name.toLowerCase());
}

/** Settings for a provisioner or driver. */
export function* validateParameters(parameters: Readonly<Record<string, string>>, field: string): Errors {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) {
    yield tooLong(field, maxParameters);
    return;
  }
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') yield invalid(field, key, 'field can not be empty.');
    size += byteLength(key) + byteLength(value);
  }
  if (size > maxParameterBytes) yield tooLong(field, maxParameterBytes);
}

function* validateTopologies(terms: readonly V1TopologySelectorTerm[]): Errors {
  // Kubernetes starts with an empty term for each term, so that an empty one is a duplicate.
  const seen: unknown[] = terms.map(() => ({}));
  for (const [index, { matchLabelExpressions = [] }] of terms.entries()) {
    const at = `allowedTopologies[${index}].matchLabelExpressions`;
    const keys = new Map<string, readonly string[]>();
    for (const [position, { key = '', values }] of matchLabelExpressions.entries()) {
      const here = `${at}[${position}]`;
      if ((values ?? []).length === 0) yield required(`${here}.values`);
      for (const [number, value] of (values ?? []).entries()) if (values.indexOf(value) < number) yield duplicate(`${here}.values[${number}]`, value);
      yield* qualifiedName(`${here}.key`, key);
      if (keys.has(key)) yield duplicate(`${here}.key`, key);
      keys.set(key, [...new Set(values)].toSorted());
    }
    const term = Object.fromEntries(keys);
    for (const other of seen) if (equal(other, term)) yield duplicate(at, '');
    seen.push(term);
  }
}
