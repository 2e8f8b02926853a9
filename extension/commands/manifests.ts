/** The manifests that a command is about: one document, an editor's, a file's, or all of a folder. */
import * as vscode from 'vscode';
import type { DocumentArgument } from '../../language/messages.ts';
import { objectsIn, type Manifest } from '../apply/manifest.ts';
import { t } from '../l10n.ts';
import type { Services } from '../services.ts';

export interface OpenManifest extends Manifest {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
}

/** At most this many files of a folder are looked at. */
const fileLimit = 2000;

/** Every object by itself: of one document, of what is selected in the active editor, of a file, or of all files of a folder. */
export async function manifestsOf(services: Services, where: DocumentArgument | vscode.Selection | vscode.Uri | undefined): Promise<readonly OpenManifest[]> {
  const documents = await documentsOf(services, where);
  if (documents.length === 0) throw new Error(t('There is no Kubernetes object in {0}.', where instanceof vscode.Uri ? vscode.workspace.asRelativePath(where) : t('the selection')));
  return documents.flatMap((document) => objectsIn(document));
}

async function documentsOf(services: Services, where: DocumentArgument | vscode.Selection | vscode.Uri | undefined): Promise<readonly OpenManifest[]> {
  if (where instanceof vscode.Selection) {
    const document = activeDocument();
    return (await inDocument(services, document)).filter(({ range }) => range.intersection(where) !== undefined);
  }
  if (where !== undefined && !(where instanceof vscode.Uri)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(where.uri));
    return (await inDocument(services, document)).filter(({ index }) => index === where.document);
  }
  return inFiles(services, where ?? activeDocument().uri);
}

/** The same for a file or folder that may have none. */
export async function manifestsAt(services: Services, uri: vscode.Uri): Promise<readonly OpenManifest[]> {
  return (await inFiles(services, uri)).flatMap((document) => objectsIn(document));
}

async function inFiles(services: Services, uri: vscode.Uri): Promise<readonly OpenManifest[]> {
  const documents = await Promise.all((await filesAt(uri)).map((file) => vscode.workspace.openTextDocument(file)));
  return (await Promise.all(documents.map((document) => inDocument(services, document)))).flat();
}

function activeDocument(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) throw new Error(t('Open a manifest first.'));
  return document;
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
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    return { ...manifest, document, range, text: document.getText(range) };
  });
}
