/** A tree whose provider is loaded when the tree is first looked at. */
import * as vscode from 'vscode';

export class LazyTree<T> implements vscode.TreeDataProvider<T>, vscode.Disposable {
  readonly #load: () => Promise<vscode.TreeDataProvider<T>>;
  readonly #changes = new vscode.EventEmitter<T | T[] | undefined | null | void>();
  #provider: vscode.TreeDataProvider<T> | undefined;
  readonly onDidChangeTreeData = this.#changes.event;

  constructor(load: () => Promise<vscode.TreeDataProvider<T>>) {
    this.#load = load;
  }

  async getChildren(node?: T): Promise<T[]> {
    const provider = this.#provider ?? (await this.#first());
    return (await provider.getChildren(node)) ?? [];
  }

  /** Only asked for what `getChildren` gave. */
  getTreeItem(node: T): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#provider!.getTreeItem(node);
  }

  getParent(node: T): vscode.ProviderResult<T> {
    return this.#provider?.getParent?.(node);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  async #first(): Promise<vscode.TreeDataProvider<T>> {
    const provider = await this.#load();
    if (this.#provider === undefined) provider.onDidChangeTreeData?.((node) => this.#changes.fire(node));
    this.#provider = provider;
    return provider;
  }
}
