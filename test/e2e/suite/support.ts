import * as vscode from 'vscode';

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
