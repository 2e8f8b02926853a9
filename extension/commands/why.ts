/** Why something is not healthy, and what to do about it. */
import * as vscode from 'vscode';
import { events, pods } from '../../cluster-host/client/resources.ts';
import type { Connection } from '../clusters/connection.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { t } from '../l10n.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import type { Command } from './command.ts';
import { describe } from './describe.ts';
import { clickedOrPicked } from './target.ts';

export const why: Command = {
  id: 'kubicle.why',
  async run(services, node?: ExplorerNode) {
    const [{ connection, ...ref }] = await clickedOrPicked(services, ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod', 'Service'], node);
    await Promise.all([events, pods].map((resource) => connection.synced(resource)));
    const object = await connection.client.resource(ref.resource, ref.namespace).get(ref.name);
    const finding = diagnose(ref.kind, object, connection);
    if (finding === undefined) {
      void vscode.window.showInformationMessage(t('Nothing is wrong with {0} {1} as far as the cluster tells.', ref.kind, ref.name));
      return undefined;
    }
    void explain(connection, finding, node);
    return finding;
  },
};

async function explain(connection: Connection, finding: Finding, node: ExplorerNode | undefined): Promise<void> {
  const showLogs = t('Logs');
  const showAll = t('Describe');
  const lines = finding.crashed === true ? await lastLines(connection, finding) : '';
  const message = [finding.sentence, finding.remedy, lines].filter((part) => part !== '').join(' ');
  const choice = await vscode.window.showWarningMessage(message, ...(finding.crashed === true ? [showLogs] : []), showAll);
  if (choice === undefined) return;
  const pod = finding.pod && { type: 'object', id: '', context: connection.context, parent: undefined, resource: pods, object: { metadata: finding.pod } };
  await vscode.commands.executeCommand(choice === showLogs ? 'kubicle.logs' : describe.id, pod ?? (node?.type === 'problem' ? node.parent : node));
}

const shownLines = 3;

/** What the container said last before it ended; nothing where there is no such log. */
async function lastLines({ client }: Connection, { pod }: Finding): Promise<string> {
  if (pod?.container === undefined) return '';
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`;
  const read = (previous: string) => client.request({ method: 'GET', path, query: { container: pod.container, previous, tailLines: String(shownLines) } });
  const answer = await read('true').catch(() => read('false')).catch(() => undefined);
  const text = String(answer?.body ?? '').trim();
  return text === '' ? '' : `“${text}”`;
}
