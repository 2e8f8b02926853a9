/** What a command is: one id of package.json and what it does. A rejection reaches the user as one message. */
import * as vscode from 'vscode';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';

export interface Command {
  readonly id: string;
  run(services: Services, ...args: readonly any[]): Promise<unknown> | void;
}

/** Thrown where there is nothing to say: the user backed out, or was told already. */
export class Quiet extends Error {}

/** What goes wrong is told to the user; the result is undefined then. */
export async function runCommand(commands: readonly Command[], services: Services, id: string, args: readonly unknown[]): Promise<unknown> {
  try {
    return await commands.find((command) => command.id === id)?.run(services, ...args);
  } catch (error) {
    tellError(services, id, error);
    return undefined;
  }
}

/** What a command goes on with when it has answered, such as waiting for a user's choice; what goes wrong is told to the user as well. */
export function inBackground(services: Services, name: string, work: () => Promise<unknown>): void {
  work().catch((error: unknown) => tellError(services, name, error));
}

function tellError({ output }: Services, name: string, error: unknown): void {
  if (error instanceof Quiet) return;
  const message = error instanceof Error ? error.message : String(error);
  output.error(`${name}: ${message}`);
  void vscode.window.showErrorMessage(message);
}

/** The connection to a context, or to the active one; without one the user is offered to start the local cluster. */
export async function needConnection(services: Services, context?: string): Promise<Connection> {
  const connection = context === undefined ? services.connections.active : services.connections.connection(context);
  if (connection?.state.phase === 'connected') return connection;
  if (connection?.state.phase === 'connecting' && (await settled(connection))) return connection;
  const isLocal = connection === undefined || connection.context === services.local.options.name;
  if (connection?.state.phase === 'away' && (!isLocal || services.local.state.phase === 'running')) throw new Error(t('The cluster "{0}" does not answer: {1}', connection.context, connection.state.message));
  const start = t('Start Local Cluster');
  const choice = await vscode.window.showInformationMessage(
    connection === undefined ? t('There is no cluster yet.') : t('The cluster "{0}" does not answer.', connection.context),
    start,
  );
  if (choice !== start) throw new Quiet();
  await vscode.commands.executeCommand('kubicle.startCluster');
  const started = services.connections.active;
  if (started === undefined || !(await settled(started))) throw new Quiet();
  return started;
}

/** Waits while a connection is being made; says whether it was. */
function settled(connection: Connection): Promise<boolean> {
  if (connection.state.phase !== 'connecting') return Promise.resolve(connection.state.phase === 'connected');
  return new Promise((resolve) => {
    const subscription = connection.changed.on(() => {
      if (connection.state.phase === 'connecting') return;
      subscription.dispose();
      resolve(connection.state.phase === 'connected');
    });
  });
}

/** A reminder that the workspace's files may not be trusted. */
export function needTrust(): void {
  if (!vscode.workspace.isTrusted) throw new Error(t('This workspace is not trusted: Kubicle only shows it. Trust it to start clusters and to change them.'));
}
