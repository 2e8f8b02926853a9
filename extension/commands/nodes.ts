/** Take nodes out of service and back: cordon, uncordon, drain. */
import * as vscode from 'vscode';
import type { V1Pod } from '../../cluster-host/api/generated/types.ts';
import { ApiError, hasReason, type Client } from '../../cluster-host/client/client.ts';
import { nodes, pods } from '../../cluster-host/client/resources.ts';
import { byNode } from '../clusters/resources.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { movesAway } from '../workloads.ts';
import { needTrust, type Command } from './command.ts';
import { byHand, clickedOrPicked } from './target.ts';

export const cordon: Command = { id: 'kubicle.cordon', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => mark(services, true, node, selection) };
export const uncordon: Command = { id: 'kubicle.uncordon', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => mark(services, false, node, selection) };

async function mark(services: Services, unschedulable: boolean, node?: ExplorerNode, selection?: readonly ExplorerNode[]): Promise<void> {
  needTrust();
  const refs = await clickedOrPicked(services, ['Node'], node, selection);
  await Promise.all(refs.map(({ connection, name }) => connection.client.resource(nodes).patch(name, { spec: { unschedulable } }, { ...byHand, type: 'merge' })));
}

/** A refused eviction is tried again after this long: a PodDisruptionBudget may allow it once other pods are ready. */
const evictionPause = 2000;

export const drain: Command = {
  id: 'kubicle.drain',
  async run(services, node?: ExplorerNode) {
    needTrust();
    const [{ connection, name }] = await clickedOrPicked(services, ['Node'], node);
    await connection.synced(pods);
    const leaving = (connection.lister(pods)?.byIndex(byNode, name) ?? []).filter(movesAway);
    const confirm = t('Drain');
    const detail = t('Pods that nothing owns, and data in their emptyDir volumes, are lost.');
    if ((await vscode.window.showWarningMessage(t('Move {0} pods away from {1}?', leaving.length, name), { modal: true, detail }, confirm)) !== confirm) return;
    await connection.client.resource(nodes).patch(name, { spec: { unschedulable: true } }, { ...byHand, type: 'merge' });
    const title = t('Draining {0}', name);
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      for (const [index, pod] of leaving.entries()) {
        progress.report({ message: `${index + 1}/${leaving.length} ${pod.metadata?.name ?? ''}`, increment: 100 / leaving.length });
        while (!token.isCancellationRequested && !(await evicted(connection.client, pod))) await new Promise((resolve) => setTimeout(resolve, evictionPause));
      }
    });
  },
};

/** Whether the pod is on its way out; false where a PodDisruptionBudget holds it for now. */
async function evicted(client: Client, { metadata }: V1Pod): Promise<boolean> {
  const { namespace = '', name = '' } = metadata ?? {};
  try {
    await client.resource(pods, namespace).createSubresource(name, 'eviction', { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } });
  } catch (error) {
    if (error instanceof ApiError && error.code === 429) return false;
    if (!hasReason(error, 'NotFound')) throw error;
  }
  return true;
}
