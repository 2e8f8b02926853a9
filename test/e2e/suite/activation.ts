import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor, workspaceFile } from './support.ts';

const id = 'kubicle.kubicle';

export function activation(): void {
  describe('activation', () => {
    it('is installed', () => assert.ok(vscode.extensions.getExtension(id)));

    it('says nothing about a YAML file that is not Kubernetes', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('docker-compose.yaml'));
      await vscode.window.showTextDocument(document);
      await vscode.extensions.getExtension(id)?.activate();
      const lenses = await vscode.commands.executeCommand<unknown[]>('vscode.executeCodeLensProvider', document.uri);
      assert.equal(vscode.languages.getDiagnostics(document.uri).length, 0);
      assert.equal(lenses.length, 0);
    });

    it('registers every command of package.json', async () => {
      const extension = vscode.extensions.getExtension(id)!;
      await extension.activate();
      const declared = (extension.packageJSON.contributes.commands as { command: string }[]).map(({ command }) => command);
      const registered = await vscode.commands.getCommands(true);
      assert.deepEqual(declared.filter((command) => !registered.includes(command)), []);
    });

    it('shows its views', async () => {
      await vscode.commands.executeCommand('workbench.view.extension.kubicle');
      await waitFor(() => vscode.extensions.getExtension(id)?.isActive === true);
    });
  });
}
