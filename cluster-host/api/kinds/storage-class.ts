/** Kinds of storage that claims can ask for (kubernetes.io/docs/concepts/storage/storage-classes). */
import type { V1StorageClass, V1TopologySelectorLabelRequirement, V1TopologySelectorTerm } from '../generated/types.ts';
import { duplicate, forbidden, invalid, required, tooLong } from '../field-errors.ts';
import { checkQualifiedName } from '../names.ts';
import { byteLength } from '../text.ts';
import { equal } from '../validation/equality.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, oneOf, qualifiedName, unchanged } from '../validation/errors.ts';
import type { Column } from './columns.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;
const defaultClassAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

const expansionColumn: Column<V1StorageClass> = {
  head: { name: 'AllowVolumeExpansion', type: 'string', description: 'Whether volumes may grow.', priority: 0 },
  cell: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
};

export function isDefaultClass({ metadata }: V1StorageClass): boolean {
  return defaultClassAnnotations.some((name) => metadata?.annotations?.[name] === 'true');
}

export const storageClass = defineKind<V1StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  setDefaults(object) {
    object.reclaimPolicy ??= 'Delete';
    object.volumeBindingMode ??= 'Immediate';
  },
  validate,
  *validateUpdate(object, old) {
    yield* validate(object);
    if (!equal(object.parameters, old.parameters)) yield forbidden('parameters', 'updates to parameters are forbidden.');
    if (object.provisioner !== old.provisioner) yield forbidden('provisioner', 'updates to provisioner are forbidden.');
    if (object.reclaimPolicy !== old.reclaimPolicy) yield forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.');
    yield* unchanged('volumeBindingMode', object.volumeBindingMode, old.volumeBindingMode);
  },
  columns: [
    // The class that claims without one get is marked behind its name.
    { head: { name: 'Name', type: 'string', format: 'name', description: 'The name of the class.', priority: 0 }, cell: (object) => `${object.metadata?.name ?? ''}${isDefaultClass(object) ? ' (default)' : ''}` },
    text('Provisioner', 'What makes the volumes.', ({ provisioner }) => provisioner),
    text('ReclaimPolicy', 'What becomes of a volume when its claim goes.', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    text('VolumeBindingMode', 'When a claim gets its volume.', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    expansionColumn,
    ageColumn,
  ],
});

function* validate({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies }: V1StorageClass): Errors {
  yield* validateProvisioner(provisioner, 'provisioner');
  yield* validateParameters(parameters, 'parameters');
  if (reclaimPolicy) yield* oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']);
  yield* oneOf('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
  yield* validateTopologies(allowedTopologies, 'allowedTopologies');
}

export function* validateProvisioner(name: string, field: string): Errors {
  if (name === '') yield required(field);
  else yield* invalidFor(field, name, checkQualifiedName(name.toLowerCase()));
}

export function* validateParameters(parameters: Readonly<Record<string, string>> | undefined, field: string): Errors {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > maxParameters) yield tooLong(field, maxParameters);
  let total = 0;
  for (const [key, value] of entries) {
    if (key === '') yield invalid(field, key, 'field can not be empty.');
    total += byteLength(key) + byteLength(value);
  }
  if (total > maxParameterBytes) yield tooLong(field, maxParameterBytes);
}

function* validateTopologies(terms: readonly V1TopologySelectorTerm[] | undefined, field: string): Errors {
  const seen: V1TopologySelectorTerm[] = [];
  for (const [index, term] of (terms ?? []).entries()) {
    yield* validateTopologyTerm(term, `${field}[${index}]`);
    if (seen.some((other) => equal(other, term))) yield duplicate(`${field}[${index}].matchLabelExpressions`, '');
    seen.push(term);
  }
}

function* validateTopologyTerm({ matchLabelExpressions = [] }: V1TopologySelectorTerm, field: string): Errors {
  const keys = new Set<string>();
  for (const [index, expression] of matchLabelExpressions.entries()) {
    const at = `${field}.matchLabelExpressions[${index}]`;
    yield* validateTopologyExpression(expression, at);
    if (keys.has(expression.key)) yield duplicate(`${at}.key`, expression.key);
    keys.add(expression.key);
  }
}

function* validateTopologyExpression({ key, values }: V1TopologySelectorLabelRequirement, field: string): Errors {
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) yield duplicate(`${field}.values[${index}]`, value);
    seen.add(value);
  }
  if (values.length === 0) yield required(`${field}.values`);
  yield* qualifiedName(`${field}.key`, key);
}
