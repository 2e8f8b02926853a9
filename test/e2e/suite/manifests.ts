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

    it('mends a mistyped field by a quick fix', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      const problem = await waitFor(() => vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes('spec.replica')));
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, problem.range);
      assert.ok(actions.some(({ title }) => title === 'Change to replicas'), actions.map(({ title }) => title).join());
    });

    it('leads from a reference to the object, and back to all that refer to it', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('references.yaml'));
      await vscode.window.showTextDocument(document);
      const text = document.getText();
      const reference = document.positionAt(text.indexOf('name: references', text.indexOf('configMapRef')) + 'name: '.length);
      const lineOf = (found: vscode.Location | vscode.LocationLink): number => ('targetUri' in found ? (found.targetSelectionRange ?? found.targetRange) : found.range).start.line;
      const definitions = await waitFor(async () => {
        const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', document.uri, reference);
        return found.length > 0 && found;
      });
      const configMap = document.positionAt(text.indexOf('kind: ConfigMap')).line + 2;
      assert.deepEqual(definitions.map(lineOf), [configMap]);
      const references = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, new vscode.Position(configMap, '  name: '.length));
      assert.ok(references.some(({ range }) => range.start.line === reference.line), JSON.stringify(references));
    });
  });
}
