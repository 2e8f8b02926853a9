/** Copies what was clicked: its name, its YAML, the kubectl command that shows it. */
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { wanted } from '../live/readable.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import type { Command } from './command.ts';
import { clickedOrPicked, type ObjectRef } from './target.ts';

const anyKind = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod', 'Service'];

export const copyName: Command = {
  id: 'kubicle.copyName',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    const address = node?.type === 'endpoint' ? node.address : undefined;
    const names = address === undefined ? (await clickedOrPicked(services, anyKind, node, selection)).map(({ container, name }) => container ?? name) : [address];
    await copy(names.join('\n'));
  },
};

export const copyYaml: Command = {
  id: 'kubicle.copyYaml',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    const refs = await clickedOrPicked(services, anyKind, node, selection);
    const objects = await Promise.all(refs.map(({ connection, resource, namespace, name }) => connection.client.resource(resource, namespace).get(name)));
    const { stringify } = await import('yaml');
    await copy(objects.map((object) => stringify(wanted(object), { lineWidth: 0 })).join('---\n'));
  },
};

export const copyKubectl: Command = {
  id: 'kubicle.copyKubectl',
  async run(services, node?: ExplorerNode, selection?: readonly ExplorerNode[]) {
    await copy((await clickedOrPicked(services, anyKind, node, selection)).map(kubectlCommand).join('\n'));
  },
};

function kubectlCommand({ connection, resource, namespace, name }: ObjectRef): string {
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return ['kubectl', '--context', quoted(connection.context), ...(resource.namespaced ? ['-n', namespace] : []), 'get', kind, name, '-o', 'yaml'].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(t('Copied: {0}', text.split('\n')[0] ?? ''), 3000);
}
