/** Applies of more than one document, and plans. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyProblems, edit, kubicle, liveFile, waitFor, workspaceFile } from './support.ts';

export function applying(): void {
  describe('applying', () => {
    let context = '';
    const open = async (name: string): Promise<vscode.TextDocument> => {
      const document = await vscode.workspace.openTextDocument(workspaceFile(name));
      await vscode.window.showTextDocument(document);
      return document;
    };
    const apply = (uri: vscode.Uri): Thenable<readonly string[]> => vscode.commands.executeCommand('kubicle.apply', uri);
    const plan = (uri: vscode.Uri): Thenable<readonly string[]> => vscode.commands.executeCommand('kubicle.diffDocument', uri);

    before(async () => {
      const api = await kubicle();
      context = api.local.name;
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
    });

    it('plans what cannot be tried yet, in one editor below one another', async () => {
      const { uri } = await open('gadgets.yaml');
      assert.deepEqual(await plan(uri), ['create', 'create', 'create', 'create', 'create']);
      const tab = await waitFor(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith('Plan for') && vscode.window.tabGroups.activeTabGroup.activeTab);
      assert.equal(tab.label.replace(/ \(.*/, ''), `Plan for ${context}`);
    });

    it('applies namespaces and definitions first, lists item by item, and makes names', async () => {
      const { uri } = await open('gadgets.yaml');
      assert.deepEqual(await apply(uri), ['created', 'created', 'created', 'created', 'created']);
      assert.deepEqual(await apply(uri), ['unchanged', 'unchanged', 'unchanged', 'created', 'unchanged']);
    });

    it('applies what is selected', async () => {
      const document = await open('gadgets.yaml');
      const at = document.positionAt(document.getText().indexOf('kind: Namespace'));
      vscode.window.activeTextEditor!.selection = new vscode.Selection(at, at.translate(1));
      assert.deepEqual(await vscode.commands.executeCommand('kubicle.applySelection'), ['unchanged']);
    });

    it('plans a change as the server would make it, and names who is in its way', async () => {
      const document = await open('references.yaml');
      await apply(document.uri);
      await edit(document, /replicas: \d+/, 'replicas: 2');
      assert.deepEqual(await plan(document.uri), ['unchanged', 'unchanged', 'change']);
      const live = await vscode.workspace.openTextDocument(liveFile(context, 'apps/v1/Deployment', 'references'));
      await edit(live, /^ {2}replicas: 1$/m, '  replicas: 3');
      assert.ok(await live.save());
      assert.deepEqual(await apply(document.uri), ['unchanged', 'unchanged', 'failed']);
      const [problem] = await waitFor(() => applyProblems(document).length > 0 && applyProblems(document));
      assert.match(problem?.message ?? '', /conflict with "kubicle-edit"/);
      assert.equal(document.lineAt(problem?.range.start.line ?? 0).text.trim(), 'replicas: 2');
    });
  });
}
