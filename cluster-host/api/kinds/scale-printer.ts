/** How `kubectl get --subresource=scale` shows a Scale, whichever kind it belongs to. */
import type { V1Scale } from '../generated/types.ts';
import type { Printer } from '../kind.ts';
import { ageColumn, count, printerOf, type Column } from './columns.ts';

const columns: readonly Column<V1Scale>[] = [
  count('Desired', 'Pods that are wanted.', ({ spec }) => spec?.replicas),
  count('Available', 'Pods that are there.', ({ status }) => status?.replicas),
  ageColumn,
];

// Only a Scale is shown by it.
export const scalePrinter = printerOf(columns) as unknown as Printer;
