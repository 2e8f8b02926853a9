/** The local cluster from the window's side. Pods run in the model: what is tested here is the editor. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { KubicleApi } from '../../../extension/api.ts';
import { applyProblems, edit, kubicle, mended, waitFor, workspaceFile } from './support.ts';

function live(context: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'kubicle', path: `/${context}/-/v1/ConfigMap/default/wrong.yaml` });
}

export function localCluster(): void {
  describe('the local cluster', () => {
    let api: KubicleApi;

    before(async () => {
      api = await kubicle();
    });

    it('starts, and becomes the active one', async () => {
      await vscode.commands.executeCommand('kubicle.startCluster');
      assert.equal(api.local.phase, 'running');
      await waitFor(() => api.active?.connected);
      assert.deepEqual(api.active, { context: api.local.name, namespace: 'default', connected: true });
    });

    it('refuses a wrong document and shows where', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('wrong.yaml'));
      await vscode.window.showTextDocument(document);
      const results = await vscode.commands.executeCommand('kubicle.apply', document.uri);
      assert.deepEqual(results, ['created', 'failed']);
      const [problem] = await waitFor(() => applyProblems(document).length > 0 && applyProblems(document));
      assert.match(problem?.message ?? '', /\.spec\.replica: field not declared in schema/);
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
      const uri = live(api.local.name);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.match(document.getText(), /greeting: hello/);
      assert.doesNotMatch(document.getText(), /managedFields/);
      await edit(document, /greeting: hello/, 'greeting: salut');
      assert.ok(await document.save());
      const again = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      assert.match(again, /greeting: salut/);
    });

    it('is a cluster like any other when it is known by a kubeconfig only', async () => {
      const file = join(tmpdir(), `elsewhere-${process.pid}`);
      const config = readFileSync(api.local.kubeconfig, 'utf8');
      writeFileSync(file, config.replace(/(contexts:[\s\S]*?name: )\S+/, '$1elsewhere'));
      await vscode.workspace.getConfiguration('kubicle').update('kubeconfig.files', [file], vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('kubicle.useContext', { type: 'context', name: 'elsewhere' });
      await waitFor(() => api.active?.context === 'elsewhere' && api.active.connected);
      assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(live('elsewhere'))), /greeting: salut/);
      await vscode.commands.executeCommand('kubicle.useContext', { type: 'local' });
      await waitFor(() => api.active?.context === api.local.name && api.active.connected);
    });

    it('stops', async () => {
      await vscode.commands.executeCommand('kubicle.stopCluster');
      assert.equal(api.local.phase, 'stopped');
      await waitFor(() => api.active?.connected === false);
    });

    it('starts again with everything in it', async () => {
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
      const uri = live(api.local.name);
      assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), /greeting: salut/);
    });

    after(() => vscode.commands.executeCommand('kubicle.stopCluster'));
  });
}
