/** Notices manifests among the open files: marks them for the `when` clauses of menus, and calls once for the first of them. */
import * as vscode from 'vscode';
import { looksLikeKubernetes } from './looks-like-kubernetes.ts';

/** Longer texts are not looked through at each key stroke. */
const inspectedLength = 200_000;

export function watchManifests(found: () => unknown): vscode.Disposable {
  const manifests = new Set<string>();
  let called = false;

  const mark = (uri: vscode.Uri, isManifest: boolean): void => {
    if (manifests.has(uri.fsPath) === isManifest) return;
    if (isManifest) manifests.add(uri.fsPath);
    else manifests.delete(uri.fsPath);
    void vscode.commands.executeCommand('setContext', 'kubicle.manifests', [...manifests]);
  };
  const inspect = (document: vscode.TextDocument): void => {
    if (document.languageId !== 'yaml') return;
    const isManifest = looksLikeKubernetes(document.getText().slice(0, inspectedLength));
    mark(document.uri, isManifest);
    if (!isManifest || called) return;
    called = true;
    found();
  };
  vscode.workspace.textDocuments.forEach(inspect);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(inspect),
    vscode.workspace.onDidChangeTextDocument(({ document }) => inspect(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => mark(uri, false)),
  );
}
