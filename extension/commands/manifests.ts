/** The manifests that a command is about: one document, an editor's, a file's, or all of a folder. */
import * as vscode from 'vscode';
import type { DocumentArgument } from '../../language/messages.ts';
import type { Manifest } from '../apply/apply.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';

export interface OpenManifest extends Manifest {
  readonly document: vscode.TextDocument;
}

/** At most this many files of a folder are looked at. */
const fileLimit = 2000;

export async function manifestsOf(services: Services, where: DocumentArgument | vscode.Uri | undefined): Promise<readonly OpenManifest[]> {
  if (where !== undefined && !(where instanceof vscode.Uri)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(where.uri));
    return (await inDocument(services, document)).filter(({ index }) => index === where.document);
  }
  const uri = where ?? vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) throw new Error(t('Open a manifest first.'));
  const documents = await Promise.all((await filesAt(uri)).map((file) => vscode.workspace.openTextDocument(file)));
  const manifests = (await Promise.all(documents.map((document) => inDocument(services, document)))).flat();
  if (manifests.length === 0) throw new Error(t('There is no Kubernetes object in {0}.', vscode.workspace.asRelativePath(uri)));
  return manifests;
}

async function filesAt(uri: vscode.Uri): Promise<readonly vscode.Uri[]> {
  if (uri.scheme !== 'file' || (await vscode.workspace.fs.stat(uri)).type !== vscode.FileType.Directory) return [uri];
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, '**/*.{yaml,yml}'), undefined, fileLimit);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function inDocument({ language }: Services, document: vscode.TextDocument): Promise<readonly OpenManifest[]> {
  const found = await language.documents(document);
  return found.map((manifest) => {
    const { start, end } = manifest.range;
    return { ...manifest, document, text: document.getText(new vscode.Range(start.line, start.character, end.line, end.character)) };
  });
}

/** `deployment/web`, as kubectl prints it. */
export function nameOf({ kind, name }: Manifest): string {
  return `${kind.toLowerCase()}/${name}`;
}
