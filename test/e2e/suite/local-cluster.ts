/** The local cluster from the window's side. Pods run in the model: what is tested here is the editor. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { KubicleApi } from '../../../extension/api.ts';
import { applyProblems, edit, kubicle, mended, waitFor, workspaceFile } from './support.ts';

export function localCluster(): void {
  describe('the local cluster', () => {
    let api: KubicleApi;

    before(async () => {
      api = await kubicle();
      await vscode.workspace.getConfiguration('kubicle').update('cluster.runtime', 'simulated', vscode.ConfigurationTarget.Global);
    });

    it('starts, and becomes the active one', async () => {
      await vscode.commands.executeCommand('kubicle.startCluster');
      assert.equal(api.local.phase, 'running');
      await waitFor(() => api.active?.connected);
      assert.deepEqual(api.active, { context: 'kubicle', namespace: 'default', connected: true });
    });

    it('refuses a wrong document and shows where', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      await vscode.window.showTextDocument(document);
      const results = await vscode.commands.executeCommand('kubicle.apply', document.uri);
      assert.deepEqual(results, ['created', 'failed']);
      const [problem] = await waitFor(() => applyProblems(document).length > 0 && applyProblems(document));
      assert.match(problem?.message ?? '', /unknown field "spec\.replica"/);
      assert.equal(document.lineAt(problem?.range.start.line ?? 0).text.trim(), 'replica: 2');
    });

    it('forgets the problem when the line is edited, and applies what was mended', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      await mended(document);
      assert.deepEqual(applyProblems(document), []);
      assert.deepEqual(await vscode.commands.executeCommand('kubicle.apply', document.uri), ['unchanged', 'created']);
      assert.deepEqual(await vscode.commands.executeCommand('kubicle.applyDocument', { uri: document.uri.toString(), document: 0 }), ['unchanged']);
    });

    it('opens a live object; saving it changes the cluster', async () => {
      const uri = vscode.Uri.from({ scheme: 'kubicle', path: '/kubicle/-/v1/ConfigMap/default/wrong.yaml' });
      const document = await vscode.workspace.openTextDocument(uri);
      assert.match(document.getText(), /greeting: hello/);
      assert.doesNotMatch(document.getText(), /managedFields/);
      await edit(document, /greeting: hello/, 'greeting: salut');
      assert.ok(await document.save());
      const again = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      assert.match(again, /greeting: salut/);
    });

    it('stops', async () => {
      await vscode.commands.executeCommand('kubicle.stopCluster');
      assert.equal(api.local.phase, 'stopped');
      await waitFor(() => api.active?.connected === false);
    });

    it('starts again with everything in it', async () => {
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
      const uri = vscode.Uri.from({ scheme: 'kubicle', path: '/kubicle/-/v1/ConfigMap/default/wrong.yaml' });
      assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), /greeting: salut/);
    });

    after(() => vscode.commands.executeCommand('kubicle.stopCluster'));
  });
}
