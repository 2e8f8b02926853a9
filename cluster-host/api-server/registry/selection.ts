/** Label and field selectors of a list, watch or deletecollection, ready to be asked of each object. */
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import { matchesFields, parseFieldSelector, requiredFieldValue, type FieldSelector } from '../../api/selectors/field-selector.ts';
import { matchesLabels, type Selector } from '../../api/selectors/label-selector.ts';
import { parseSelector } from '../../api/selectors/label-selector-parser.ts';
import { quote } from '../../api/text.ts';
import { badRequest } from '../failure.ts';

export interface Selection {
  /** Nothing is left out. */
  readonly all: boolean;
  /** The one name that the selection can hold, where it names one. */
  readonly name: string | undefined;
  matches(object: KubeObject): boolean;
}

export const everything: Selection = { all: true, name: undefined, matches: () => true };

/** Throws 400 for a selector that cannot be read and for a field that the kind does not offer. */
export function selectionOf(definition: KindDefinition, labelSelector: string, fieldSelector: string): Selection {
  if (labelSelector === '' && fieldSelector === '') return everything;
  const labels = parsed(parseSelector(labelSelector));
  const fields = parsed(parseFieldSelector(fieldSelector));
  for (const { field } of fields) checkField(definition, field);
  return {
    all: labels.requirements.length === 0 && labels.matchesNothing !== true && fields.length === 0,
    name: requiredFieldValue(fields, 'metadata.name'),
    matches: (object) => matches(definition, labels, fields, object),
  };
}

function parsed<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }): T {
  if (!result.ok) throw badRequest(result.error);
  return result.value;
}

function checkField(definition: KindDefinition, field: string): void {
  if (field === 'metadata.name' || field === 'metadata.namespace' || Object.hasOwn(definition.selectableFields, field)) return;
  const custom = Object.keys(definition.selectableFields).length > 0;
  const message = custom ? `field label not supported: ${field}` : `${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
  throw badRequest(message);
}

function matches(definition: KindDefinition, labels: Selector, fields: FieldSelector, object: KubeObject): boolean {
  if (!matchesLabels(labels, object.metadata?.labels)) return false;
  return fields.length === 0 || matchesFields(fields, (field) => fieldValue(definition, object, field));
}

function fieldValue(definition: KindDefinition, object: KubeObject, field: string): string {
  if (field === 'metadata.name') return object.metadata?.name ?? '';
  if (field === 'metadata.namespace') return object.metadata?.namespace ?? '';
  return definition.selectableFields[field]?.(object) ?? '';
}
