/** Turns a view-model into a tree of VS Code; redraws at most once in a while however fast the model changes. */
import * as vscode from 'vscode';
import { coalesce, type Coalesced } from './coalesce.ts';
import type { Item } from './item.ts';

export interface TreeModel<T> {
  roots(): readonly T[];
  children(node: T): readonly T[];
  parent?(node: T): T | undefined;
  item(node: T): Item;
}

/** A watch event shows within this many milliseconds. */
export const redrawInterval = 60;

export class TreeBinding<T> implements vscode.TreeDataProvider<T>, vscode.Disposable {
  readonly #model: TreeModel<T>;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changes.event;
  /** Something in the model changed. */
  readonly refresh: Coalesced = coalesce(redrawInterval, () => this.#changes.fire());

  constructor(model: TreeModel<T>) {
    this.#model = model;
  }

  getChildren(node?: T): T[] {
    return [...(node === undefined ? this.#model.roots() : this.#model.children(node))];
  }

  getParent(node: T): T | undefined {
    return this.#model.parent?.(node);
  }

  getTreeItem(node: T): vscode.TreeItem {
    const item = this.#model.item(node);
    const tree = new vscode.TreeItem(item.label, collapsibleStates[item.expansion]);
    tree.id = item.id;
    tree.description = item.description ?? false;
    tree.tooltip = item.tooltip ?? item.label;
    tree.iconPath = new vscode.ThemeIcon(item.icon.codicon, item.icon.color === undefined ? undefined : new vscode.ThemeColor(item.icon.color));
    tree.contextValue = item.context;
    tree.accessibilityInformation = { label: item.accessibilityLabel ?? [item.label, item.description].filter((part) => part !== undefined && part !== '').join(', ') };
    if (item.command !== undefined) tree.command = { command: item.command.id, title: item.command.title, arguments: [node] };
    return tree;
  }

  dispose(): void {
    this.refresh.dispose();
    this.#changes.dispose();
  }
}

const collapsibleStates: Readonly<Record<Item['expansion'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};
