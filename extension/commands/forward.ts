/** Forward a port of a Service, workload or pod to this machine; stop it; open it in a browser. */
import * as vscode from 'vscode';
import type { V1Service } from '../../cluster-host/api/generated/types.ts';
import { services as serviceResource } from '../../cluster-host/client/resources.ts';
import { documentCommands, type DocumentArgument } from '../../language/messages.ts';
import type { Connection } from '../clusters/connection.ts';
import type { ForwardEntry } from '../forwards/forwards.ts';
import { portsOf } from '../forwards/target.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { podOwners, podsOf, type PodOwnerRef } from '../workloads.ts';
import { needConnection, Quiet, type Command } from './command.ts';
import { manifestsOf } from './manifests.ts';
import { clickedOrPicked } from './target.ts';

export const forward: Command = {
  id: 'kubicle.forward',
  async run(services, node?: ExplorerNode) {
    const [{ connection, ...ref }] = await clickedOrPicked(services, ['Service', 'Deployment', 'Pod'], node);
    return start(services, connection, ref);
  },
};

export const forwardDocument: Command = {
  id: documentCommands.forward,
  async run(services, where?: DocumentArgument) {
    const [manifest] = await manifestsOf(services, where);
    const connection = await needConnection(services);
    if (manifest === undefined) return undefined;
    return start(services, connection, { kind: manifest.kind, namespace: manifest.namespace ?? connection.namespace, name: manifest.name });
  },
};

export const openForward: Command = {
  id: 'kubicle.openForward',
  async run({ forwards }, entry?: ForwardEntry) {
    const chosen = entry ?? (await pickForward(forwards.entries));
    const uri = await vscode.env.asExternalUri(vscode.Uri.parse(`http://localhost:${chosen.localPort}`));
    await vscode.env.openExternal(uri);
  },
};

export const copyForwardAddress: Command = {
  id: 'kubicle.copyForwardAddress',
  async run({ forwards }, entry?: ForwardEntry) {
    const chosen = entry ?? (await pickForward(forwards.entries));
    await vscode.env.clipboard.writeText(`http://localhost:${chosen.localPort}`);
  },
};

export const stopForward: Command = {
  id: 'kubicle.stopForward',
  async run({ forwards }, entry?: ForwardEntry) {
    forwards.stop((entry ?? (await pickForward(forwards.entries))).id);
  },
};

async function start(services: Services, connection: Connection, ref: PodOwnerRef): Promise<ForwardEntry> {
  const port = await pickPort(connection, ref);
  const entry = await startAt(services, connection, { kind: ref.kind, namespace: ref.namespace, name: ref.name, port });
  const open = t('Open in Browser');
  void vscode.window.showInformationMessage(t('{0}:{1} is at localhost:{2}', ref.name, port, entry.localPort), open).then((choice) => {
    if (choice === open) void vscode.commands.executeCommand(openForward.id, entry);
  });
  return entry;
}

/** The same port as in the cluster where that is free and ours to take, any other one otherwise. */
async function startAt({ forwards }: Services, connection: Connection, ref: PodOwnerRef & { readonly port: number }): Promise<ForwardEntry> {
  const wanted = ref.port < 1024 ? ref.port + 8000 : ref.port;
  return forwards.start(connection, ref, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return forwards.start(connection, ref, 0);
    throw error;
  });
}

async function pickPort(connection: Connection, ref: PodOwnerRef): Promise<number> {
  const resource = podOwners[ref.kind];
  if (resource === undefined) throw new Error(t('Ports of a {0} cannot be forwarded.', ref.kind));
  await Promise.all([connection.synced(resource), connection.synced(podOwners['Pod']!)]);
  const ports = knownPorts(connection, ref);
  const [only] = ports;
  if (only !== undefined && ports.length === 1) return only;
  const answer = ports.length > 0
    ? await vscode.window.showQuickPick(ports.map(String), { title: t('Which port?') })
    : await vscode.window.showInputBox({ title: t('Which port of {0}?', ref.name), validateInput: (text) => (isPort(text) ? undefined : t('A port is a number from 1 to 65535.')) });
  if (answer === undefined) throw new Quiet();
  return Number(answer);
}

function knownPorts(connection: Connection, ref: PodOwnerRef): readonly number[] {
  if (ref.kind === 'Service') {
    const service: V1Service | undefined = connection.lister(serviceResource)?.get(ref.namespace, ref.name);
    return (service?.spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP').map(({ port }) => port);
  }
  return [...new Set(portsOf(podsOf(connection, ref)[0]).map(({ containerPort }) => containerPort))];
}

function isPort(text: string): boolean {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

async function pickForward(entries: readonly ForwardEntry[]): Promise<ForwardEntry> {
  const items = entries.map((entry) => ({ label: `localhost:${entry.localPort}`, description: `${entry.name}:${entry.port}`, entry }));
  if (items.length === 0) throw new Error(t('No port is forwarded.'));
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items);
  if (picked === undefined) throw new Quiet();
  return picked.entry;
}
