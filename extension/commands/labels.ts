/** Edits labels of objects and taints of nodes in one line. */
import * as vscode from 'vscode';
import type { V1Node } from '../../cluster-host/api/generated/types.ts';
import { nodes } from '../../cluster-host/client/resources.ts';
import { t } from '../l10n.ts';
import { labelPatch, labelsText, parseLabels, parseTaints, taintsText } from '../objects/pairs.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needTrust, Quiet, type Command } from './command.ts';
import { byHand, clickedOrPicked } from './target.ts';

/** `wish`: what an extension or a test wants without asking the user. */
export const label: Command = {
  id: 'kubicle.label',
  async run(services, node?: ExplorerNode, _selection?: unknown, wish?: string) {
    needTrust();
    const [{ connection, resource, namespace, name }] = await clickedOrPicked(services, ['Deployment', 'Pod', 'Service', 'Node'], node);
    const client = connection.client.resource(resource, namespace);
    const before = (await client.get(name)).metadata?.labels;
    const text = wish ?? (await ask(t('Labels of {0}', name), labelsText(before), (value) => problemOf(parseLabels(value))));
    const parsed = parseLabels(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    await client.patch(name, { metadata: { labels: labelPatch(before, parsed.labels) } }, { ...byHand, type: 'merge' });
  },
};

export const taint: Command = {
  id: 'kubicle.taint',
  async run(services, node?: ExplorerNode, _selection?: unknown, wish?: string) {
    needTrust();
    const [{ connection, name }] = await clickedOrPicked(services, ['Node'], node);
    const client = connection.client.resource(nodes);
    const before: V1Node = await client.get(name);
    const text = wish ?? (await ask(t('Taints of {0}, as key=value:NoSchedule', name), taintsText(before.spec?.taints), (value) => problemOf(parseTaints(value))));
    const parsed = parseTaints(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    const { resourceVersion } = before.metadata ?? {};
    await client.patch(name, { metadata: { resourceVersion }, spec: { taints: parsed.taints } }, { ...byHand, type: 'merge' });
  },
};

async function ask(title: string, value: string, problem: (text: string) => string | undefined): Promise<string> {
  const answer = await vscode.window.showInputBox({ title, value, validateInput: problem, placeHolder: 'key=value, key=value' });
  if (answer === undefined) throw new Quiet();
  return answer;
}

function problemOf(parsed: object): string | undefined {
  return 'problem' in parsed ? String(parsed.problem) : undefined;
}
