/**
 * Turns a view-model into a tree of VS Code. However fast the model changes it is compared at most once in a while with what was
 * drawn, and only what looks different is drawn again: an open menu, the selection and the focus stay where they are.
 */
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { coalesce, type Coalesced } from './coalesce.ts';
import type { Item } from './item.ts';
import { Row } from './row.ts';

export interface TreeModel<T> {
  roots(): readonly T[];
  children(node: T): readonly T[];
  item(node: T): Item;
  /** Whether a node looks as its predecessor did (`item`), where that is cheap to know. */
  looksSame?(before: T, after: T, item: Item): boolean;
}

/** A watch event shows within this many milliseconds; in a tree that takes longer to compare, within a few times as many. */
export const redrawInterval = 60;
const share = 4;

export class TreeBinding<T> implements vscode.TreeDataProvider<Row<T>>, vscode.Disposable {
  readonly #model: TreeModel<T>;
  readonly #changes = new vscode.EventEmitter<Row<T>[] | undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  /** Something in the model may have changed. */
  readonly refresh: Coalesced = coalesce(() => Math.max(redrawInterval, share * this.#took), () => this.#redraw());
  /** Milliseconds of the last comparison. */
  #took = 0;
  /** Undefined until somebody looks. */
  #roots: Row<T>[] | undefined;

  constructor(model: TreeModel<T>) {
    this.#model = model;
  }

  getChildren(row?: Row<T>): Row<T>[] {
    const known = new Map((row === undefined ? this.#roots : row.children)?.map((child) => [child.id, child]));
    const children = this.#nodes(row).map((node) => {
      const item = this.#model.item(node);
      const child = known.get(item.id) ?? new Row(row, node, item);
      child.node = node;
      child.item = item;
      return child;
    });
    if (row === undefined) this.#roots = children;
    else row.children = children;
    return children;
  }

  getParent(row: Row<T>): Row<T> | undefined {
    return row.parent;
  }

  getTreeItem(row: Row<T>): vscode.TreeItem {
    const { item } = row;
    const tree = new vscode.TreeItem(item.label, collapsibleStates[item.expansion]);
    tree.id = item.id;
    tree.description = item.description ?? false;
    tree.tooltip = item.tooltip ?? item.label;
    tree.iconPath = new vscode.ThemeIcon(item.icon.codicon, item.icon.color === undefined ? undefined : new vscode.ThemeColor(item.icon.color));
    tree.contextValue = item.context;
    tree.accessibilityInformation = { label: item.accessibilityLabel ?? [item.label, item.description].filter((part) => part !== undefined && part !== '').join(', ') };
    if (item.command !== undefined) tree.command = { command: item.command.id, title: item.command.title, arguments: [row] };
    return tree;
  }

  dispose(): void {
    this.refresh.dispose();
    this.#changes.dispose();
  }

  #itemOf(node: T, row: Row<T> | undefined): Item {
    return row !== undefined && this.#model.looksSame?.(row.node, node, row.item) === true ? row.item : this.#model.item(node);
  }

  #nodes(row: Row<T> | undefined): readonly T[] {
    return row === undefined ? this.#model.roots() : this.#model.children(row.node);
  }

  #redraw(): void {
    const started = performance.now();
    const changed: Row<T>[] = [];
    if (!this.#compare(undefined, this.#roots, changed)) this.#changes.fire(undefined);
    else if (changed.length > 0) this.#changes.fire(changed);
    this.#took = performance.now() - started;
  }

  /** Gathers the rows that look different by now. False where others stand there than before. */
  #compare(parent: Row<T> | undefined, rows: readonly Row<T>[] | undefined, changed: Row<T>[]): boolean {
    if (rows === undefined) return parent !== undefined;
    const nodes = this.#nodes(parent);
    const items = nodes.map((node, at) => this.#itemOf(node, rows[at]));
    if (items.length !== rows.length || rows.some(({ id }, at) => id !== items[at]?.id)) return false;
    for (const [at, row] of rows.entries()) {
      row.node = nodes[at]!;
      const same = row.item === items[at] || isDeepStrictEqual(row.item, items[at]);
      row.item = items[at]!;
      if (!this.#compare(row, row.children, changed) || !same) changed.push(row);
    }
    return true;
  }
}

const collapsibleStates: Readonly<Record<Item['expansion'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};
