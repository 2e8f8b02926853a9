/** The log page of what was clicked, or of the workload that a manifest describes. */
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import { t } from '../l10n.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { podOwners } from '../workloads.ts';
import { needConnection, type Command } from './command.ts';
import { manifestsOf } from './manifests.ts';
import { clickedOrPicked } from './target.ts';

export const logs: Command = {
  id: 'kubicle.logs',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    const refs = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod'], node, selection);
    for (const { connection, ...ref } of refs) await services.logs.open(connection, { ref, ...(ref.container === undefined ? {} : { container: ref.container }) });
  },
};

export const showDocumentLogs: Command = {
  id: documentCommands.logs,
  async run(services, where?: DocumentArgument) {
    const [manifest] = await manifestsOf(services, where);
    const connection = await needConnection(services);
    if (manifest === undefined) return;
    if (podOwners[manifest.kind] === undefined) throw new Error(t('A {0} has no logs.', manifest.kind));
    await services.logs.open(connection, { ref: { kind: manifest.kind, namespace: manifest.namespace ?? connection.namespace, name: manifest.name } });
  },
};
