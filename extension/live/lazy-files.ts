/** The file system of live objects, whose work is done by what is loaded at its first use. Objects are read and written; they are made and deleted elsewhere. */
import * as vscode from 'vscode';
import { liveScheme } from './live-scheme.ts';

export interface LiveFileSource {
  readonly changes: vscode.Event<vscode.FileChangeEvent[]>;
  stat(uri: vscode.Uri): Promise<vscode.FileStat>;
  readFile(uri: vscode.Uri): Promise<Uint8Array>;
  writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void>;
}

export function lazyFiles(load: () => Promise<LiveFileSource>): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  let source: Promise<LiveFileSource> | undefined;
  const files = (): Promise<LiveFileSource> => {
    source ??= load().then((loaded) => {
      loaded.changes((events) => changes.fire(events));
      return loaded;
    });
    return source;
  };
  const refuse = (uri: vscode.Uri): never => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changes.event,
    stat: async (uri) => (await files()).stat(uri),
    readFile: async (uri) => (await files()).readFile(uri),
    writeFile: async (uri, content) => (await files()).writeFile(uri, content),
    watch: () => new vscode.Disposable(() => undefined),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.Disposable.from(changes, vscode.workspace.registerFileSystemProvider(liveScheme, provider, { isCaseSensitive: true }));
}
