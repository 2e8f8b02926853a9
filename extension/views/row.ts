/** A line of a tree as VS Code holds it: the same while the thing exists, with what it shows by now. */
import type { Item } from './item.ts';

export class Row<T> {
  readonly id: string;
  readonly parent: Row<T> | undefined;
  node: T;
  /** As it was drawn last. */
  item: Item;
  /** Once somebody looked below it. */
  children: Row<T>[] | undefined;

  constructor(parent: Row<T> | undefined, node: T, item: Item) {
    this.id = item.id;
    this.parent = parent;
    this.node = node;
    this.item = item;
  }
}

/** What a command means by a row that it was called with, alone or among others. */
export function unwrapped(argument: unknown): unknown {
  if (Array.isArray(argument)) return argument.map(unwrapped);
  return argument instanceof Row ? argument.node : argument;
}
