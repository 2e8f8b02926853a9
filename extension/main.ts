/**
 * Activation: registers what package.json promises and loads the rest (`app.ts`) when it is first needed: a view is shown, a
 * command runs, a manifest is open. A window without any of these pays next to nothing.
 */
import * as vscode from 'vscode';
import type { KubicleApi } from './api.ts';
import type { App } from './app.ts';
import { watchManifests } from './language-client/watch-manifests.ts';
import { lazyFiles } from './live/lazy-files.ts';
import { LazyTree } from './views/lazy-tree.ts';

export interface KubicleExports {
  /** Loads the extension, if nothing did yet. */
  readonly api: () => Promise<KubicleApi>;
}

export function activate(context: vscode.ExtensionContext): KubicleExports {
  let loaded: Promise<App> | undefined;
  const app = (): Promise<App> => {
    loaded ??= import('./app.ts').then(({ start }) => start(context, explorer));
    return loaded;
  };

  const view = (id: keyof App['trees'], options: Partial<vscode.TreeViewOptions<never>> = {}): vscode.TreeView<never> => {
    const tree = new LazyTree(async () => (await app()).trees[id] as vscode.TreeDataProvider<never>);
    const created = vscode.window.createTreeView(id, { treeDataProvider: tree, ...options });
    context.subscriptions.push(created, tree);
    return created;
  };
  view('kubicle.cluster');
  view('kubicle.forwards');
  const explorer: vscode.TreeView<unknown> = view('kubicle.explorer', { canSelectMany: true, showCollapseAll: true });

  const { commands } = context.extension.packageJSON.contributes as { readonly commands: readonly { readonly command: string }[] };
  context.subscriptions.push(
    ...commands.map(({ command }) => vscode.commands.registerCommand(command, async (...args: unknown[]) => (await app()).run(command, args))),
    lazyFiles(async () => (await app()).files),
    watchManifests(async () => (await app()).language.start()),
  );
  return { api: async () => (await app()).api };
}
