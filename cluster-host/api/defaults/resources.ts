/** Amounts of resources as they are kept. */
import { formatQuantity, quantityFromMilli, quantityMilliValue, quantityOf } from '../quantity.ts';

const milli = 1_000_000n;

/** Rounds amounts up to thousandths, the finest that Kubernetes counts in. */
export function setResourceListDefaults(list: Record<string, string> = {}): void {
  for (const [name, text] of Object.entries(list)) {
    const quantity = quantityOf(text);
    if (quantity.nanos % milli !== 0n) list[name] = formatQuantity(quantityFromMilli(quantityMilliValue(quantity), quantity.format));
  }
}
