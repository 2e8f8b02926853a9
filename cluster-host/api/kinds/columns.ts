/** Columns of `kubectl get`: what most kinds share, and how cells are worded. */
import type { PrinterColumn, PrintContext, Printer } from '../kind.ts';
import type { KubeObject } from '../object.ts';

export type Cell = string | number | boolean | null;

export interface Column<T extends KubeObject = KubeObject> {
  readonly head: PrinterColumn;
  cell(object: T, context: PrintContext): Cell;
}

/** A column of texts, always shown. */
export function text<T extends KubeObject>(name: string, description: string, cell: Column<T>['cell']): Column<T> {
  return { head: { name, type: 'string', description, priority: 0 }, cell };
}

/** A column of whole numbers, always shown; a missing number is 0. */
export function count<T extends KubeObject>(name: string, description: string, cell: (object: T) => number | undefined): Column<T> {
  return { head: { name, type: 'integer', description, priority: 0 }, cell: (object) => cell(object) ?? 0 };
}

/** A column of truth values, always shown; a missing one is false. */
export function flag<T extends KubeObject>(name: string, description: string, cell: (object: T) => boolean | undefined): Column<T> {
  return { head: { name, type: 'boolean', description, priority: 0 }, cell: (object) => cell(object) ?? false };
}

/** The same column, shown with `-o wide` only. */
export function wide<T extends KubeObject>(column: Column<T>): Column<T> {
  return { ...column, head: { ...column.head, priority: 1 } };
}

export const nameColumn: Column = {
  head: { name: 'Name', type: 'string', format: 'name', description: 'The name of the object, unique among its kind in its namespace.', priority: 0 },
  cell: (object) => object.metadata?.name ?? '',
};

export const ageColumn: Column = text('Age', 'How long ago the object was created.', (object, context) => age(object.metadata?.creationTimestamp, context));

/** What the kinds show that have no columns of their own. */
export const createdAtColumn: Column = {
  head: { name: 'Created At', type: 'date', description: 'When the object was created.', priority: 0 },
  cell: (object) => object.metadata?.creationTimestamp ?? null,
};

/** What stands where there is nothing to show. */
export const none = '<none>';
export const unknown = '<unknown>';
export const unset = '<unset>';

export function orNone(value: string | undefined): string {
  return value ? value : none;
}

/** The time from a timestamp until now as `kubectl get` prints it: `5m30s`. */
export function age(timestamp: string | undefined, { now }: PrintContext): string {
  if (!timestamp) return unknown;
  return humanDuration(now - Date.parse(timestamp));
}

/**
 * A duration in at most two units, coarser the longer it is (k8s.io/apimachinery `duration.HumanDuration`).
 * `milliseconds` may be a little negative: clocks differ.
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60 * 2) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 60 * 3) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 24 * 8) return pair(Math.trunc(hours / 24), 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24)}d`;
  const years = Math.trunc(hours / 24 / 365);
  if (hours < 24 * 365 * 8) return pair(years, 'y', Math.trunc(hours / 24) % 365, 'd');
  return `${years}y`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** The first few of a list, and how many more there are: `a,b,c + 2 more...`. */
export function listWithMore(list: readonly string[], max: number): string {
  const shown = list.slice(0, max).join(',');
  return list.length > max ? `${shown} + ${list.length - max} more...` : shown;
}

/** A Table of these columns, the name before them. */
export function printerOf<T extends KubeObject>(columns: readonly Column<T>[]): Printer<T> {
  const all: readonly Column<T>[] = columns.some((column) => column.head.name === nameColumn.head.name) ? columns : [nameColumn, ...columns];
  return {
    columns: all.map((column) => column.head),
    cells: (object: T, context: PrintContext) => all.map((column) => column.cell(object, context)),
  };
}
