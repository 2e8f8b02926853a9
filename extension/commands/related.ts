/** What an object has to do with others, as a list to go on from. */
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { liveUri } from '../live/live-uri.ts';
import { relatedResources, relatedTo, type Relation } from '../objects/related.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { Quiet, type Command } from './command.ts';
import { clickedOrPicked } from './target.ts';

export const related: Command = {
  id: 'kubicle.related',
  async run(services, node?: ExplorerNode) {
    const [{ connection, resource, namespace, name }] = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Service'], node);
    await Promise.all([resource, ...relatedResources].map((each) => connection.synced(each)));
    const object = await connection.client.resource(resource, namespace).get(name);
    const found = relatedTo(connection, resource, object);
    if (found.length === 0) throw new Error(t('{0} has to do with no other object.', name));
    const items = found.map((one) => ({ label: one.object.metadata?.name ?? '', description: `${wordOf(one.relation)} ${one.resource.kind}`, one }));
    const picked = await vscode.window.showQuickPick(items, { title: t('Related to {0} {1}', resource.kind, name), matchOnDescription: true });
    if (picked === undefined) throw new Quiet();
    const { metadata } = picked.one.object;
    const uri = liveUri(connection.context, { resource: picked.one.resource, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' });
    await vscode.window.showTextDocument(uri, { preview: true });
  },
};

function wordOf(relation: Relation): string {
  const words: Readonly<Record<Relation, string>> = { owner: t('owned by'), owns: t('owns'), selects: t('selects'), selected: t('selected by'), runs: t('runs on'), uses: t('uses'), used: t('used by'), scales: t('scaling'), routes: t('routing') };
  return words[relation];
}
