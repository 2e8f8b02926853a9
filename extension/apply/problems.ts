/** What the API server refused, on the lines that it refused; gone as soon as the document is edited or applied again. */
import * as vscode from 'vscode';
import type { Language } from '../language-client/language.ts';
import type { ApplyError } from './errors.ts';
import type { Manifest } from './manifest.ts';

export class ApplyProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('kubicle-apply');
  readonly #language: Language;
  readonly #subscription: vscode.Disposable;

  constructor(language: Language) {
    this.#language = language;
    this.#subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document.uri);
    });
  }

  clear(uri: vscode.Uri): void {
    this.#collection.delete(uri);
  }

  /** Adds an error at the fields that caused it, or at the object's kind. Returns the first place. */
  async add(document: vscode.TextDocument, manifest: Manifest, error: ApplyError, severity = vscode.DiagnosticSeverity.Error): Promise<vscode.Range> {
    const causes = error.causes.length > 0 ? error.causes : [{ field: 'kind', message: error.message }];
    const ranges = await this.#language.positions(document, manifest.index, causes.map(({ field }) => `${manifest.within ?? ''}${field}`));
    const diagnostics = causes.map(({ message }, index) => {
      const diagnostic = new vscode.Diagnostic(ranges[index] ?? new vscode.Range(0, 0, 0, 0), message, severity);
      diagnostic.source = 'Kubicle (API server)';
      if (error.reason !== '') diagnostic.code = error.reason;
      return diagnostic;
    });
    this.#collection.set(document.uri, [...(this.#collection.get(document.uri) ?? []), ...diagnostics]);
    return diagnostics[0]?.range ?? new vscode.Range(0, 0, 0, 0);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#collection.dispose();
  }
}
