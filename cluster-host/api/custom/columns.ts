/** Printer columns of custom resources: what `kubectl get` shows of them. */
import type { V1CustomResourceColumnDefinition } from '../generated/types.ts';
import { age, ageColumn, type Cell, type Column } from '../kinds/columns.ts';
import type { PrinterColumn, PrintContext } from '../kind.ts';
import { goJson } from '../text.ts';
import { findByPath, parseJsonPath } from './json-path.ts';

/** The columns besides the name; the age alone where the version names none. */
export function columnsOf(definitions: readonly V1CustomResourceColumnDefinition[] | undefined): readonly Column[] {
  return definitions === undefined || definitions.length === 0 ? [{ ...ageColumn, head: { ...ageColumn.head, type: 'date' } }] : definitions.map(columnOf);
}

function columnOf({ name, type, format, description = '', priority = 0, jsonPath }: V1CustomResourceColumnDefinition): Column {
  const path = parseJsonPath(jsonPath);
  const head: PrinterColumn = { name, type: type as PrinterColumn['type'], ...(format === undefined ? {} : { format }), description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`, priority };
  return { head, cell: (object, context) => (path.ok ? cellOf(findByPath(object, path.value)[0], head.type, context) : null) };
}

/** A value that is missing, or not of the column's type, shows as nothing. */
function cellOf(value: unknown, type: PrinterColumn['type'], context: PrintContext): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : goJson(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : age(value, context);
  }
}
