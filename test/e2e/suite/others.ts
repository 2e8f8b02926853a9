/** What another extension (test/e2e/harness) sees of Kubicle, and adds to it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { configMaps } from '../../../cluster-host/client/resources.ts';
import type { KubicleApi } from '../../../extension/api.ts';
import { kubicle, objectNode, waitFor } from './support.ts';

interface Facts {
  readonly version: number;
  readonly active: KubicleApi['active'];
  readonly kubeconfig: string | undefined;
  readonly changes: number;
  readonly clicked: readonly object[];
}

export function others(): void {
  describe('another extension', () => {
    const facts = (): Thenable<Facts> => vscode.commands.executeCommand('harness.facts');

    it('asks for the active cluster and its kubeconfig, and hears of changes', async () => {
      const api = await kubicle();
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(() => api.active?.connected);
      const { version, active, kubeconfig, changes } = await facts();
      assert.deepEqual([version, active], [1, { context: api.local.name, namespace: 'default', connected: true }]);
      assert.ok(kubeconfig !== undefined && existsSync(kubeconfig));
      await vscode.commands.executeCommand('kubicle.stopCluster');
      await vscode.commands.executeCommand('kubicle.startCluster');
      await waitFor(async () => (await facts()).changes > changes);
    });

    it('adds nodes whose commands hear which object was meant', async () => {
      const parent = { ...objectNode(configMaps, 'settings'), context: 'here' };
      await vscode.commands.executeCommand('kubicle.runExtra', { type: 'extra', id: 'x', context: 'here', parent, extra: { label: 'greeting', command: 'harness.clicked' } });
      assert.deepEqual((await facts()).clicked, [{ context: 'here', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' }]);
    });
  });
}
