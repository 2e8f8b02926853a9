/** Completion by schema between braces, where the YAML service offers nothing: fields, and the values of those that list them. */
import { kindType } from '../../../cluster-host/api/catalogue/catalogue.ts';
import { typeAt, type Type } from '../../../cluster-host/api/catalogue/schema.ts';
import { parseApiVersion } from '../../../cluster-host/api/object.ts';
import { isObject } from '../../../cluster-host/api/values.ts';
import { typeName } from '../../schema/type-name.ts';
import { scalarOf } from '../../syntax/scalars.ts';
import { valueAt } from '../../workspace/patterns.ts';
import type { Completer } from './completer.ts';

export const completeFlowFields: Completer = ({ cursor, manifest }, { customKinds }) => {
  if (!cursor.inFlow || manifest === undefined || manifest.facts.isItem) return [];
  const groupVersion = parseApiVersion(manifest.facts.apiVersion);
  const gvk = groupVersion === undefined ? undefined : { ...groupVersion, kind: manifest.facts.kind };
  const root = gvk === undefined ? undefined : (kindType(gvk) ?? customKinds.find(gvk)?.definition.custom?.type);
  const type = root === undefined ? undefined : typeAt(root, cursor.path);
  if (type === undefined) return [];
  if (cursor.on === 'value') return valuesOf(type).map((label) => ({ label, kind: 'name', detail: typeName(type), text: scalarOf(label) }));
  if (type.kind !== 'struct') return [];
  const written = valueAt(cursor.value, cursor.path);
  const free = [...type.fields.values()].filter(({ name }) => !isObject(written) || !Object.hasOwn(written, name));
  return free.map((field) => ({ label: field.name, kind: 'name', detail: typeName(field.type), text: `${field.name}: ` }));
};

function valuesOf(type: Type): readonly string[] {
  if (type.kind !== 'scalar') return [];
  return type.scalar === 'bool' ? ['true', 'false'] : (type.values ?? []);
}
