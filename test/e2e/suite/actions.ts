/** More that the explorer's menus do: to nodes, to CronJobs, with labels, and what they copy. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cronJobs, deployments, nodes } from '../../../cluster-host/client/resources.ts';
import { accepting, kubicle, liveText, objectNode, waitFor, workspaceFile } from './support.ts';

export function actions(): void {
  describe('actions', () => {
    let context = '';
    const web = objectNode(deployments, 'references');
    const node = { ...objectNode(nodes, 'node-1'), object: { metadata: { name: 'node-1' } } };
    const nodeText = async (): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.from({ scheme: 'kubicle', path: `/${context}/-/v1/Node/-/node-1.yaml` })));

    before(async () => {
      const api = await kubicle();
      context = api.local.name;
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
    });

    it('takes a node out of service and back', async () => {
      await vscode.commands.executeCommand('kubicle.cordon', node);
      assert.match(await nodeText(), /unschedulable: true/);
      await vscode.commands.executeCommand('kubicle.uncordon', node);
      assert.doesNotMatch(await nodeText(), /unschedulable: true/);
    });

    it('taints a node, and takes the taint away', async () => {
      await vscode.commands.executeCommand('kubicle.taint', node, undefined, 'dedicated=gpu:PreferNoSchedule');
      assert.match(await nodeText(), /- key: dedicated\n +effect: PreferNoSchedule\n +value: gpu/);
      await vscode.commands.executeCommand('kubicle.taint', node, undefined, '');
      assert.doesNotMatch(await nodeText(), /dedicated/);
    });

    it('edits labels', async () => {
      await vscode.commands.executeCommand('kubicle.label', web, undefined, 'tier=front');
      assert.match(await liveText(context, 'apps/v1/Deployment', 'references'), /^ {4}tier: front$/m);
    });

    it('runs a CronJob now', async () => {
      const { uri } = await vscode.workspace.openTextDocument(workspaceFile('nightly.yaml'));
      await vscode.commands.executeCommand('kubicle.apply', uri);
      await vscode.commands.executeCommand('kubicle.triggerCronJob', objectNode(cronJobs, 'nightly'));
      await accepting(vscode.commands.executeCommand('kubicle.related', objectNode(cronJobs, 'nightly')));
      const text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /kind: Job\n/);
      assert.match(text, /cronjob\.kubernetes\.io\/instantiate: manual/);
    });

    it('copies YAML and the kubectl command', async () => {
      await vscode.commands.executeCommand('kubicle.copyYaml', web);
      assert.match(await vscode.env.clipboard.readText(), /^apiVersion: apps\/v1\nkind: Deployment\n/);
      await vscode.commands.executeCommand('kubicle.copyKubectl', web);
      assert.equal(await vscode.env.clipboard.readText(), `kubectl --context ${context} -n default get deployments.apps references -o yaml`);
    });

    it('shows a revision beside what is now', async () => {
      await accepting(vscode.commands.executeCommand('kubicle.rolloutHistory', web));
      await waitFor(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
    });

    it('shows another cluster beside the active one, and only the namespaces that are wanted', async () => {
      const api = await kubicle();
      await vscode.commands.executeCommand('kubicle.showCluster', { type: 'context', name: 'elsewhere' });
      await waitFor(async () => (await vscode.workspace.fs.readFile(vscode.Uri.from({ scheme: 'kubicle', path: '/elsewhere/-/v1/Node/-/node-1.yaml' }))).length > 0);
      assert.equal(api.active?.context, context);
      await vscode.commands.executeCommand('kubicle.hideCluster', { type: 'context', name: 'elsewhere' });
    });
  });
}
