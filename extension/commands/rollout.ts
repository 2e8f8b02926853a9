/** Rollouts: their history with a way back, pause and resume; and a Job out of a CronJob. */
import * as vscode from 'vscode';
import { controllerRevisions, cronJobs, deployments, jobs, replicaSets } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import { jobOf, revisionsOf, rolloutKinds, type Revision } from '../rollouts.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { inBackground, needTrust, Quiet, type Command } from './command.ts';
import { byHand, clickedOrPicked, type ObjectRef } from './target.ts';

export const undoRollout: Command = {
  id: 'kubicle.undoRollout',
  async run(services, node?: ExplorerNode) {
    needTrust();
    const rollout = await rolloutOf(services, node);
    const earlier = rollout.revisions.filter(({ revision }) => revision < rollout.current);
    if (earlier.length === 0) throw new Error(t('{0} has no earlier revision.', rollout.ref.name));
    const picked = await vscode.window.showQuickPick(earlier.map(revisionItem), { title: t('Go back to which revision of {0}?', rollout.ref.name), matchOnDescription: true });
    if (picked === undefined) throw new Quiet();
    await goBack(rollout.ref, picked.revision);
  },
};

/** Shows what a revision differs in from the current template. */
export const rolloutHistory: Command = {
  id: 'kubicle.rolloutHistory',
  async run(services, node?: ExplorerNode) {
    const { ref, revisions, current, template } = await rolloutOf(services, node);
    const picked = await vscode.window.showQuickPick(revisions.map(revisionItem), { title: t('Revisions of {0}', ref.name), matchOnDescription: true });
    if (picked === undefined) throw new Quiet();
    const { stringify } = await import('yaml');
    const { revision } = picked;
    await services.previews.diff(`/${ref.kind}/${ref.name}.yaml`, stringify(revision.template), stringify(template), t('{0}: revision {1} ↔ now', ref.name, revision.revision));
    if (revision.revision === current) return;
    const back = t('Go Back to Revision {0}', revision.revision);
    inBackground(services, rolloutHistory.id, async () => {
      const choice = await vscode.window.showInformationMessage(t('Revision {0} of {1} beside what is now.', revision.revision, ref.name), back);
      if (choice === back) await goBack(ref, revision);
    });
  },
};

interface Rollout {
  readonly ref: ObjectRef;
  readonly revisions: readonly Revision[];
  /** Number of the newest. */
  readonly current: number;
  readonly template: unknown;
}

async function rolloutOf(services: Services, node: ExplorerNode | undefined): Promise<Rollout> {
  const [ref] = await clickedOrPicked(services, rolloutKinds, node);
  const { connection, resource, namespace, name } = ref;
  await Promise.all([connection.synced(replicaSets), connection.synced(controllerRevisions)]);
  const object = await connection.client.resource(resource, namespace).get(name);
  const kept = ref.kind === 'Deployment' ? [] : (connection.lister(controllerRevisions)?.list(namespace) ?? []);
  const revisions = revisionsOf(object.metadata?.uid ?? '', connection.lister(replicaSets)?.list(namespace) ?? [], kept);
  return { ref, revisions, current: revisions[0]?.revision ?? 0, template: object['spec']?.template };
}

async function goBack({ connection, resource, namespace, name }: ObjectRef, { template }: Revision): Promise<void> {
  await connection.client.resource(resource, namespace).patch(name, [{ op: 'replace', path: '/spec/template', value: template }], { ...byHand, type: 'json' });
}

function revisionItem(revision: Revision) {
  const images = (revision.template.spec?.containers ?? []).map(({ image }) => image ?? '').join(', ');
  return { label: t('Revision {0}', revision.revision), description: images, detail: revision.cause, revision };
}

export const pauseRollout: Command = { id: 'kubicle.pauseRollout', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => pause(services, true, node, selection) };
export const resumeRollout: Command = { id: 'kubicle.resumeRollout', run: (services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) => pause(services, false, node, selection) };

async function pause(services: Parameters<Command['run']>[0], paused: boolean, node?: ExplorerNode, selection?: readonly ExplorerNode[]): Promise<void> {
  needTrust();
  const refs = await clickedOrPicked(services, ['Deployment'], node, selection);
  await Promise.all(refs.map(({ connection, namespace, name }) => connection.client.resource(deployments, namespace).patch(name, { spec: { paused } }, { ...byHand, type: 'merge' })));
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
