import { required } from '../field-errors.ts';
import type { V1ControllerRevision } from '../generated/types.ts';
import { parseApiVersion } from '../object.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative, unchanged } from '../validation/errors.ts';
import { ageColumn, none, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

export const controllerRevision = defineKind<V1ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  validate,
  *validateUpdate(object, old) {
    yield* validate(object);
    yield* unchanged('data', object.data, old.data);
  },
  columns: [
    text('Controller', 'Whose history it belongs to.', controllerName),
    text('Revision', 'Its number in that history.', ({ revision }) => revision ?? 0),
    ageColumn,
  ],
});

function* validate({ data, revision }: V1ControllerRevision): Errors {
  if (data === undefined || data === null) yield required('data', 'data is mandatory');
  yield* nonNegative('revision', revision);
}

function controllerName({ metadata }: V1ControllerRevision): string {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return none;
  const group = parseApiVersion(owner.apiVersion)?.group ?? '';
  return `${owner.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${owner.name}`;
}
