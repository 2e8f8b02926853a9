/** Open files: their texts as the editor has them, parsed when first asked for after a change, diagnosed soon after the last key. */
import { TextDocuments } from 'vscode-languageserver';
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenFile } from '../features/feature.ts';
import type { Project } from '../project.ts';
import { diagnosticOf } from './convert.ts';

/** Milliseconds without a key before diagnostics are made. */
const quiet = 50;
/** Milliseconds without a change anywhere before other files are diagnosed again. */
const settled = 400;

export class OpenFiles {
  readonly documents = new TextDocuments(TextDocument);
  readonly #connection: Connection;
  readonly #project: Project;
  readonly #readClosed: (uri: string) => Promise<void>;
  readonly #parsed = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #published = new Map<string, string>();
  #others: NodeJS.Timeout | undefined;

  /** `readClosed` brings a file that was closed back as it is on disk. */
  constructor(connection: Connection, project: Project, readClosed: (uri: string) => Promise<void>) {
    this.#connection = connection;
    this.#project = project;
    this.#readClosed = readClosed;
    this.documents.onDidOpen(({ document }) => this.#diagnoseSoon(document.uri, 0));
    this.documents.onDidChangeContent(({ document }) => {
      if (document.version !== this.#parsed.get(document.uri)) this.#diagnoseSoon(document.uri, quiet);
    });
    this.documents.onDidClose(({ document }) => void this.#close(document.uri));
    this.documents.listen(connection);
  }

  /** The file as it is at this moment; undefined when it is not open. */
  current(uri: string): OpenFile | undefined {
    const document = this.documents.get(uri);
    if (document === undefined) return undefined;
    if (this.#parsed.get(uri) !== document.version) {
      this.#project.update(uri, document.getText(), { open: true });
      this.#parsed.set(uri, document.version);
    }
    return this.#project.openFile(uri);
  }

  isOpen(uri: string): boolean {
    return this.documents.get(uri) !== undefined;
  }

  /** Diagnoses every file again, a slice at a time, once nothing has changed for a while. */
  diagnoseAllSoon(): void {
    clearTimeout(this.#others);
    this.#others = setTimeout(() => void this.#diagnoseAll(), settled);
  }

  dispose(): void {
    clearTimeout(this.#others);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #diagnoseSoon(uri: string, delay: number): void {
    clearTimeout(this.#timers.get(uri));
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      if (this.current(uri) === undefined) return;
      this.publish(uri);
      this.diagnoseAllSoon();
    }, delay);
    this.#timers.set(uri, timer);
  }

  async #diagnoseAll(): Promise<void> {
    const started = (this.#others = undefined);
    let sliceEnd = performance.now() + 10;
    for (const uri of this.#project.uris()) {
      this.publish(uri);
      if (performance.now() < sliceEnd) continue;
      await new Promise((resolve) => void setImmediate(resolve));
      // A newer run has been asked for: it will say what this one would.
      if (this.#others !== started) return;
      sliceEnd = performance.now() + 10;
    }
  }

  /** Sends a file's diagnostics if they differ from those sent before. */
  publish(uri: string): void {
    const diagnostics = this.#project.findings(uri).map(diagnosticOf);
    const content = JSON.stringify(diagnostics);
    if (content === (this.#published.get(uri) ?? '[]')) return;
    if (diagnostics.length === 0) this.#published.delete(uri);
    else this.#published.set(uri, content);
    void this.#connection.sendDiagnostics({ uri, diagnostics });
  }

  async #close(uri: string): Promise<void> {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#parsed.delete(uri);
    await this.#readClosed(uri);
    this.publish(uri);
    this.diagnoseAllSoon();
  }
}
