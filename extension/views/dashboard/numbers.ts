/** Quantities as plain numbers, for drawing. Pure. */
import { parseQuantity, quantityMilliValue } from '../../../cluster-host/api/quantity.ts';

/** Cores, bytes or pieces; 0 for what is none. */
export function asNumber(quantity: unknown): number {
  const parsed = parseQuantity(typeof quantity === 'string' || typeof quantity === 'number' ? String(quantity) : '0');
  return parsed.ok ? quantityMilliValue(parsed.value) / 1000 : 0;
}
