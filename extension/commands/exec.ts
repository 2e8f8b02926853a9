/** A terminal in a container: a shell, what the container itself runs, or a debugger beside it. */
import * as vscode from 'vscode';
import type { V1Pod } from '../../cluster-host/api/generated/types.ts';
import { pods } from '../../cluster-host/client/resources.ts';
import { until } from '../clusters/until.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';
import { execTerminal, shell } from '../terminals/exec-terminal.ts';
import type { ExplorerNode } from '../views/explorer/node.ts';
import { needTrust, Quiet, type Command } from './command.ts';
import { clickedOrPicked, type ObjectRef } from './target.ts';

export const exec: Command = { id: 'kubicle.exec', run: (services, node?: ExplorerNode) => open(services, node, shell) };
export const attach: Command = { id: 'kubicle.attach', run: (services, node?: ExplorerNode) => open(services, node, undefined) };

async function open(services: Services, node: ExplorerNode | undefined, command: readonly string[] | undefined): Promise<void> {
  needTrust();
  const [ref] = await clickedOrPicked(services, ['Pod'], node);
  await ref.connection.synced(pods);
  showTerminal(ref, ref.container ?? (await pickContainer(podOf(ref))), command);
}

function showTerminal({ connection, namespace, name }: ObjectRef, container: string, command: readonly string[] | undefined): void {
  const pty = execTerminal(connection.endpoint, { namespace, pod: name, container }, command);
  vscode.window.createTerminal({ name: `${name}/${container}`, iconPath: new vscode.ThemeIcon('terminal'), pty }).show();
}

function podOf({ connection, namespace, name }: ObjectRef): V1Pod | undefined {
  return connection.lister(pods)?.get(namespace, name);
}

/** An image may have to be pulled first. */
const startLimit = 120_000;

/** As `kubectl debug`: an ephemeral container in the pod, with the tools of an image. `wish`: the image, where nobody is to be asked. */
export const debug: Command = {
  id: 'kubicle.debug',
  async run(services, node?: ExplorerNode, _selection?: unknown, wish?: string) {
    needTrust();
    const [ref] = await clickedOrPicked(services, ['Pod'], node);
    const { connection, namespace } = ref;
    await connection.synced(pods);
    const target = ref.container ?? (await pickContainer(podOf(ref)));
    const image = wish ?? (await vscode.window.showInputBox({ title: t('Which image has the tools to look into {0}?', ref.name), value: 'busybox' }));
    if (image === undefined || image.trim() === '') throw new Quiet();
    const container = `debugger-${Date.now().toString(36)}`;
    const debuggers = [{ name: container, image: image.trim(), stdin: true, tty: true, targetContainerName: target }];
    await connection.client.resource(pods, namespace).patch(ref.name, { spec: { ephemeralContainers: debuggers } }, { type: 'strategic', subresource: 'ephemeralcontainers' });
    const state = () => podOf(ref)?.status?.ephemeralContainerStatuses?.find(({ name }) => name === container)?.state;
    const title = t('Starting a debugger in {0}', ref.name);
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => until(connection, () => state()?.running !== undefined || state()?.terminated !== undefined || isHopeless(state()?.waiting?.reason), { limit: startLimit }));
    if (state()?.running === undefined) throw new Error(t('The debugger did not start: {0}', state()?.waiting?.message ?? state()?.terminated?.message ?? state()?.waiting?.reason ?? ''));
    showTerminal(ref, container, undefined);
  },
};

function isHopeless(reason: string | undefined): boolean {
  return reason !== undefined && /Err|BackOff|Invalid|NeverPull/.test(reason);
}

async function pickContainer(pod: V1Pod | undefined): Promise<string> {
  const names = (pod?.spec?.containers ?? []).map(({ name }) => name);
  const preferred = pod?.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred !== undefined && names.includes(preferred)) return preferred;
  const [only] = names;
  if (only === undefined) throw new Error(t('The pod is gone.'));
  if (names.length === 1) return only;
  const picked = await vscode.window.showQuickPick(names, { title: t('Which container?') });
  if (picked === undefined) throw new Quiet();
  return picked;
}
