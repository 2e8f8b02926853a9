/** What a pod's requests and limits take of a quota. Pure. */
import type { V1Container, V1Pod } from '../generated/types.ts';
import { addQuantities, compareQuantities, quantityOf, type Quantity } from '../quantity.ts';

type Amounts = Map<string, Quantity>;

const native = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** By name in `spec.hard`: `cpu` and `requests.cpu`, `limits.cpu`, `requests.example.com/gpu`. */
export function podAmounts(pod: V1Pod): Amounts {
  const amounts: Amounts = new Map();
  for (const [name, amount] of total(pod, 'requests')) {
    amounts.set(`requests.${name}`, amount);
    if (native.has(name) || name.startsWith('hugepages-')) amounts.set(name, amount);
  }
  for (const [name, amount] of total(pod, 'limits')) if (native.has(name)) amounts.set(`limits.${name}`, amount);
  return amounts;
}

/** The sum of the containers or the largest moment of the start, whichever is more; the pod's own figures instead where it has some; its overhead on top. */
function total({ spec }: V1Pod, which: 'requests' | 'limits'): Amounts {
  const sum: Amounts = new Map();
  for (const container of spec?.containers ?? []) add(sum, of(container, which));
  for (const container of spec?.initContainers ?? []) if (container.restartPolicy === 'Always') add(sum, of(container, which));
  const sidecars: Amounts = new Map();
  for (const container of spec?.initContainers ?? []) {
    const moment = new Map(sidecars);
    add(moment, of(container, which));
    if (container.restartPolicy === 'Always') add(sidecars, of(container, which));
    for (const [name, amount] of moment) if (compareQuantities(amount, sum.get(name) ?? quantityOf('0')) > 0) sum.set(name, amount);
  }
  for (const [name, text] of Object.entries(spec?.resources?.[which] ?? {})) sum.set(name, quantityOf(text));
  for (const [name, text] of Object.entries(spec?.overhead ?? {})) if (which === 'requests' || sum.has(name)) add(sum, new Map([[name, quantityOf(text)]]));
  return sum;
}

function of({ resources }: V1Container, which: 'requests' | 'limits'): Amounts {
  return new Map(Object.entries(resources?.[which] ?? {}).map(([name, text]) => [name, quantityOf(text)]));
}

function add(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of more) sum.set(name, addQuantities(sum.get(name) ?? quantityOf('0'), amount));
}
