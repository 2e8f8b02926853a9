/** Texts that are shown once, alone or side by side, and forgotten when their editor is closed. */
import * as vscode from 'vscode';

const scheme = 'kubicle-preview';

export class Previews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable;
  #next = 0;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** Opens a diff; `path` gives the language of both sides. */
  async diff(path: string, before: string, after: string, title: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.diff', this.#keep(path, before), this.#keep(path, after), title);
  }

  /** Opens several differences in one editor, below one another. */
  async changes(title: string, all: readonly { readonly path: string; readonly before: string; readonly after: string }[]): Promise<void> {
    const resources = all.map(({ path, before, after }) => {
      const [original, modified] = [this.#keep(path, before), this.#keep(path, after)];
      return [modified, original, modified];
    });
    await vscode.commands.executeCommand('vscode.changes', title, resources);
  }

  /** Opens Markdown as it is meant to look. */
  async page(path: string, text: string): Promise<void> {
    await vscode.commands.executeCommand('markdown.showPreview', this.#keep(path, text));
  }

  async text(path: string, text: string): Promise<void> {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.#keep(path, text)), { preview: true });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#texts.clear();
  }

  #keep(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path, query: String(this.#next++) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}
