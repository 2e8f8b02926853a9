/** Scale and restart workloads. */
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needTrust, Quiet, type Command } from './command.ts';
import { byHand, clickedOrPicked } from './target.ts';

export const scale: Command = {
  id: 'kubicle.scale',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    needTrust();
    const refs = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'], node, selection);
    const [first] = refs;
    const now = await first.connection.client.resource(first.resource, first.namespace).get(first.name);
    const answer = await vscode.window.showInputBox({
      title: refs.length === 1 ? t('Replicas of {0}', first.name) : t('Replicas of {0} objects', refs.length),
      value: String(now['spec']?.replicas ?? 1),
      validateInput: (text) => (/^\d{1,5}$/.test(text) ? undefined : t('A whole number, 0 or more.')),
    });
    if (answer === undefined) throw new Quiet();
    const patch = { spec: { replicas: Number(answer) } };
    await Promise.all(refs.map(({ connection, resource, namespace, name }) => connection.client.resource(resource, namespace).patch(name, patch, { ...byHand, type: 'merge', subresource: 'scale' })));
  },
};

/** As `kubectl rollout restart`: an annotation on the template makes new pods of it. */
export const restart: Command = {
  id: 'kubicle.restart',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    needTrust();
    const refs = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'DaemonSet'], node, selection);
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    const patch = { spec: { template: { metadata: { annotations } } } };
    await Promise.all(refs.map(({ connection, resource, namespace, name }) => connection.client.resource(resource, namespace).patch(name, patch, { ...byHand, type: 'strategic' })));
  },
};
