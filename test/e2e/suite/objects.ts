/** What the explorer's menus do to live objects. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { configMaps, deployments, pods } from '../../../cluster-host/client/resources.ts';
import { accepting, kubicle, liveFile, liveText, objectNode, showNamespace, waitFor, workspaceFile } from './support.ts';

export function objects(): void {
  describe('live objects', () => {
    const web = objectNode(deployments, 'references');
    let context = '';

    before(async () => {
      const api = await kubicle();
      context = api.local.name;
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
      await showNamespace('default');
      const document = await vscode.workspace.openTextDocument(workspaceFile('references.yaml'));
      await vscode.window.showTextDocument(document);
      assert.deepEqual(await vscode.commands.executeCommand('kubicle.apply', document.uri), ['created', 'created', 'created']);
    });

    const deployment = (): Promise<string> => liveText(context, 'apps/v1/Deployment', 'references');

    it('copies the names of all that is selected', async () => {
      const pod = objectNode(pods, 'other');
      await vscode.commands.executeCommand('kubicle.copyName', web, [web, pod]);
      assert.equal(await vscode.env.clipboard.readText(), 'references\nother');
    });

    it('opens the live YAML of what was clicked', async () => {
      await vscode.commands.executeCommand('kubicle.openLive', web);
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), liveFile(context, 'apps/v1/Deployment', 'references').toString());
      assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /kind: Deployment/);
    });

    it('restarts as kubectl does', async () => {
      await vscode.commands.executeCommand('kubicle.restart', web);
      assert.match(await deployment(), /kubectl\.kubernetes\.io\/restartedAt/);
    });

    it('shows what an apply would change, and changes nothing', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('references.yaml'));
      await vscode.commands.executeCommand('kubicle.diffDocument', { uri: document.uri.toString(), document: 0 });
      const tab = await waitFor(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff && vscode.window.tabGroups.activeTabGroup.activeTab.input);
      const [before, after] = await Promise.all([tab.original, tab.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()));
      assert.match(before ?? '', /^apiVersion: apps\/v1\nkind: Deployment\n/);
      assert.match(before ?? '', /restartedAt/);
      assert.doesNotMatch(after ?? '', /managedFields|resourceVersion|status:/);
      assert.match(await deployment(), /restartedAt/);
    });

    it('goes on with a rollout that was paused, and describes it', async () => {
      await vscode.commands.executeCommand('kubicle.pauseRollout', web);
      assert.match(await deployment(), /^ {2}paused: true$/m);
      await vscode.commands.executeCommand('kubicle.resumeRollout', web);
      assert.doesNotMatch(await deployment(), /^ {2}paused: true$/m);
      await vscode.commands.executeCommand('kubicle.describe', web);
      await waitFor(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('references'));
    });

    it('goes back to an earlier revision', async () => {
      await waitFor(async () => /revision: "2"/.test(await deployment()));
      await accepting(vscode.commands.executeCommand('kubicle.undoRollout', web));
      assert.doesNotMatch(await deployment(), /restartedAt/);
    });

    it('says why a pod is not healthy', async () => {
      const healthy = await vscode.commands.executeCommand('kubicle.why', objectNode(configMaps, 'references'));
      assert.equal(healthy, undefined);
      const api = await vscode.workspace.openTextDocument(workspaceFile('unhealthy.yaml'));
      await vscode.window.showTextDocument(api);
      assert.deepEqual(await vscode.commands.executeCommand('kubicle.apply', api.uri), ['created']);
      const finding = await waitFor(async () => vscode.commands.executeCommand<{ sentence: string } | undefined>('kubicle.why', objectNode(pods, 'unhealthy')));
      assert.equal(finding.sentence, 'No node takes it. Nodes: 1 that its node selector or affinity rules out.');
    });

    it('shows the values of a Secret or ConfigMap as text', async () => {
      await vscode.commands.executeCommand('kubicle.showValues', objectNode(configMaps, 'references'));
      assert.equal(vscode.window.activeTextEditor?.document.getText(), 'greeting: hello\n');
    });

    it('says in a hover which pods a selector matches, in the file and live', async () => {
      const document = await vscode.workspace.openTextDocument(workspaceFile('references.yaml'));
      const at = document.positionAt(document.getText().lastIndexOf('app: references'));
      const hover = await waitFor(async () => {
        const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
        const text = found.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
        return /references-\w+-\w+/.test(text) && text;
      });
      assert.match(hover, /Running/);
    });
  });
}
