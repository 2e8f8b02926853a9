import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor, workspaceFile } from './support.ts';

export function manifests(): void {
  describe('manifests', () => {
    it('underlines a field that Kubernetes does not know, on its line', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      await vscode.window.showTextDocument(document);
      const problem = await waitFor(() => vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes('spec.replica')));
      assert.equal(document.lineAt(problem.range.start.line).text.trim(), 'replica: 2');
    });

    it('offers to apply each document', async () => {
      const { uri } = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      const lenses = await waitFor(async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
        return found.some(({ command }) => command?.command === 'kubicle.applyDocument') && found;
      });
      assert.equal(lenses.filter(({ command }) => command?.command === 'kubicle.applyDocument').length, 2);
    });
  });
}
