import * as vscode from 'vscode';
import type { Resource } from '../../../cluster-host/api/object.ts';
import type { KubicleApi } from '../../../extension/api.ts';
import type { KubicleExports } from '../../../extension/main.ts';

/** A file of the workspace under test, which is a fresh copy of test/fixtures/workspace. */
export function workspaceFile(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no workspace folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Looks again until it is so; rejects after the time limit. */
export async function waitFor<T>(look: () => T | Promise<T>, limit = 20_000): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<Exclude<T, false>>;
    if (Date.now() > deadline) throw new Error(`not within ${limit} ms: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The extension's own API, activated. */
export async function kubicle(): Promise<KubicleApi> {
  const extension = vscode.extensions.getExtension<KubicleExports>('kubicle.kubicle');
  if (extension === undefined) throw new Error('the extension is not installed');
  return (await extension.activate()).api();
}

/** What the API server refused in a document. */
export function applyProblems(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Kubicle (API server)');
}

/** Replaces the first match. */
export async function edit(document: vscode.TextDocument, what: RegExp, by: string): Promise<void> {
  const found = what.exec(document.getText());
  if (found === null) throw new Error(`${what.source} is not in the document`);
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, new vscode.Range(document.positionAt(found.index), document.positionAt(found.index + found[0].length)), by);
  await vscode.workspace.applyEdit(change);
}

export function mended(document: vscode.TextDocument): Promise<void> {
  return edit(document, /replica: 2/, 'replicas: 2');
}

/** Address of a live object of the namespace `default`; `kind` as in `apps/v1/Deployment` or `v1/ConfigMap`. */
export function liveFile(context: string, kind: string, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'kubicle', path: `/${context}/${kind.split('/').length === 2 ? '-/' : ''}${kind}/default/${name}.yaml` });
}

export async function liveText(context: string, kind: string, name: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(liveFile(context, kind, name)));
}

/** What a command of the explorer gets for a click on an object of the namespace `default`. */
export function objectNode(resource: Resource<any>, name: string): object {
  return { type: 'object', id: name, parent: undefined, resource, object: { metadata: { name, namespace: 'default' } } };
}

export async function showNamespace(name: string): Promise<void> {
  await vscode.commands.executeCommand('kubicle.useNamespace', { object: { metadata: { name } } });
}

/** Takes the first choice of every list that a command shows, until the command is done. */
export async function accepting<T>(command: Thenable<T>): Promise<T> {
  let done = false;
  void Promise.resolve(command).finally(() => {
    done = true;
  });
  await waitFor(async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return done;
  });
  return command;
}
