import type { V1ConfigMap } from '../generated/types.ts';
import { forbidden, invalid, tooLong } from '../field-errors.ts';
import { checkConfigMapKey } from '../names.ts';
import { byteLength } from '../text.ts';
import { base64Length } from '../validation/base64.ts';
import type { Errors } from '../validation/errors.ts';
import { invalidFor, unchanged } from '../validation/errors.ts';
import { ageColumn, text } from './columns.ts';
import { defineKind } from './define-kind.ts';

/** Of keys' values together; what etcd takes in one object is little more. */
const maxBytes = 1024 * 1024;

export const configMap = defineKind<V1ConfigMap>({
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  validate,
  *validateUpdate(object, old) {
    if (old.immutable === true) {
      if (object.immutable !== true) yield forbidden('immutable', 'field is immutable when `immutable` is set');
      if ([...unchanged('data', object.data, old.data)].length > 0) yield forbidden('data', 'field is immutable when `immutable` is set');
      if ([...unchanged('binaryData', object.binaryData, old.binaryData)].length > 0) yield forbidden('binaryData', 'field is immutable when `immutable` is set');
    }
    yield* validate(object);
  },
  columns: [text('Data', 'How many keys it holds.', ({ data, binaryData }) => size(data) + size(binaryData)), ageColumn],
});

function size(map: object | undefined): number {
  return Object.keys(map ?? {}).length;
}

function* validate({ data = {}, binaryData = {} }: V1ConfigMap): Errors {
  let total = 0;
  for (const [key, value] of Object.entries(data)) {
    yield* invalidFor(`data[${key}]`, key, checkConfigMapKey(key));
    if (Object.hasOwn(binaryData, key)) yield invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    total += byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    yield* invalidFor(`binaryData[${key}]`, key, checkConfigMapKey(key));
    total += base64Length(value);
  }
  if (total > maxBytes) yield tooLong('', maxBytes);
}
