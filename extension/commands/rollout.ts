/** Rollouts of a Deployment: its history with a way back, pause and resume; and a Job out of a CronJob. */
import * as vscode from 'vscode';
import type { V1Deployment, V1ReplicaSet } from '../../cluster-host/api/generated/types.ts';
import { cronJobs, deployments, jobs, replicaSets } from '../../cluster-host/client/resources.ts';
import { byController } from '../clusters/resources.ts';
import { t } from '../l10n.ts';
import { jobOf, revisionOf, templateOf } from '../rollouts.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needTrust, Quiet, type Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

export const undoRollout: Command = {
  id: 'kubicle.undoRollout',
  async run(services, node?: ExplorerNode) {
    needTrust();
    const [{ connection, ...ref }] = await clickedOrPicked(services, ['Deployment'], node);
    await connection.synced(replicaSets);
    const client = connection.client.resource(deployments, ref.namespace);
    const deployment: V1Deployment = await client.get(ref.name);
    const history = (connection.lister(replicaSets)?.byIndex(byController, deployment.metadata?.uid ?? '') ?? []).toSorted((a, b) => revisionOf(b) - revisionOf(a));
    const earlier = history.filter((set) => revisionOf(set) < revisionOf(deployment));
    if (earlier.length === 0) throw new Error(t('{0} has no earlier revision.', ref.name));
    const picked = await vscode.window.showQuickPick(earlier.map(revisionItem), { title: t('Go back to which revision of {0}?', ref.name), matchOnDescription: true });
    if (picked === undefined) throw new Quiet();
    await client.patch(ref.name, [{ op: 'replace', path: '/spec/template', value: templateOf(picked.set) }], { type: 'json' });
  },
};

function revisionItem(set: V1ReplicaSet) {
  const images = (set.spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? '').join(', ');
  return { label: t('Revision {0}', revisionOf(set)), description: images, detail: set.metadata?.annotations?.['kubernetes.io/change-cause'] ?? '', set };
}

export const pauseRollout: Command = { id: 'kubicle.pauseRollout', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => pause(services, true, node, selection) };
export const resumeRollout: Command = { id: 'kubicle.resumeRollout', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => pause(services, false, node, selection) };

async function pause(services: Parameters<Command['run']>[0], paused: boolean, node?: ExplorerNode, selection?: readonly ExplorerNode[]): Promise<void> {
  needTrust();
  const refs = await clickedOrPicked(services, ['Deployment'], node, selection);
  await Promise.all(refs.map(({ connection, namespace, name }) => connection.client.resource(deployments, namespace).patch(name, { spec: { paused } }, { type: 'merge' })));
}

export const triggerCronJob: Command = {
  id: 'kubicle.triggerCronJob',
  async run(services, node?: ExplorerNode) {
    needTrust();
    const [{ connection, ...ref }] = await clickedOrPicked(services, [], node);
    const cronJob = await connection.client.resource(cronJobs, ref.namespace).get(ref.name);
    await connection.client.resource(jobs, ref.namespace).create(jobOf(cronJob, Date.now()));
  },
};
