/** Starts that come to nothing. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { KubicleApi } from '../../../extension/api.ts';
import { kubicle, waitFor } from './support.ts';

export function noCluster(): void {
  describe('without a cluster', () => {
    let api: KubicleApi;
    const runtime = (value: string | undefined) => vscode.workspace.getConfiguration('kubicle').update('cluster.runtime', value, vscode.ConfigurationTarget.Workspace);

    before(async () => {
      api = await kubicle();
    });

    it('takes a host file that nobody answers for as none', async () => {
      const file = join(dirname(api.local.kubeconfig), 'host.json');
      mkdirSync(dirname(file), { recursive: true });
      const nobody = createServer((socket) => socket.destroy());
      const asked = new Promise((resolve) => nobody.once('connection', (socket) => socket.once('close', resolve)));
      const port = await new Promise<number>((resolve) => nobody.listen(0, '127.0.0.1', () => resolve((nobody.address() as AddressInfo).port)));
      // The process id is one that lives, as of a machine that gave it to somebody else.
      writeFileSync(file, JSON.stringify({ protocolVersion: 1, pid: process.pid, name: api.local.name, url: `https://127.0.0.1:${port}`, token: '', ca: '' }));
      await asked;
      assert.equal(api.local.phase, 'stopped');
      rmSync(file);
      nobody.close();
    });

    it('says so where no Docker answers', async () => {
      const before = process.env['DOCKER_HOST'];
      process.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
      await runtime('docker');
      try {
        const start = vscode.commands.executeCommand('kubicle.startCluster');
        await waitFor(() => api.local.phase === 'failed');
        await vscode.commands.executeCommand('notifications.clearAll');
        await start;
      } finally {
        if (before === undefined) delete process.env['DOCKER_HOST'];
        else process.env['DOCKER_HOST'] = before;
        await runtime(undefined);
      }
    });

    it('looks at the cluster that the settings name, also when they change', async () => {
      const { name } = api.local;
      const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('kubicle');
      await configuration().update('cluster.name', 'another', vscode.ConfigurationTarget.Global);
      await waitFor(() => api.local.name === 'another' && api.local.kubeconfig.includes('another'));
      await configuration().update('cluster.name', name, vscode.ConfigurationTarget.Global);
      await waitFor(() => api.local.name === name);
    });

    it('starts in the model when that is chosen', async () => {
      await vscode.commands.executeCommand('kubicle.startSimulated');
      assert.equal(api.local.phase, 'running');
      await vscode.commands.executeCommand('kubicle.stopCluster');
      assert.equal(api.local.phase, 'stopped');
      await waitFor(() => !existsSync(join(dirname(api.local.kubeconfig), 'host.json')));
    });
  });
}
