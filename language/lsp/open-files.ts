/** Open files: their texts as the editor has them, parsed when first asked for after a change, diagnosed soon after the last key. */
import { TextDocuments } from 'vscode-languageserver';
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenFile } from '../features/feature.ts';
import type { FileFinding } from '../finding.ts';
import type { Project } from '../project.ts';
import { diagnosticOf } from './convert.ts';
import { Pace, smallText, updateInSlices } from './slices.ts';

/** Milliseconds without a key before diagnostics are made. */
const quiet = 50;
/** Milliseconds without a change anywhere before the other files are diagnosed again. */
const settled = 400;

export interface OpenFilesHooks {
  /** Brings a file that was closed back as it is on disk. */
  readClosed(uri: string): Promise<void>;
  /** Asks the cluster for what diagnostics wanted to know; whether there was anything new. */
  learn(): Promise<boolean>;
  /** What else is known of a file than the project tells. */
  moreFindings(uri: string): readonly FileFinding[];
  /** Called when a file is opened or saved. */
  touched(uri: string): void;
  /** Called when there may be something new to show beside diagnostics. */
  learnt(): void;
}

export class OpenFiles {
  readonly #documents = new TextDocuments(TextDocument);
  readonly #connection: Connection;
  readonly #project: Project;
  readonly #hooks: OpenFilesHooks;
  /** Version that the project has, by file. */
  readonly #versions = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** What the client shows, as JSON. */
  readonly #published = new Map<string, string>();
  #others: NodeJS.Timeout | undefined;
  /** URI of the folder with the rules' pages; undefined where the client has none. */
  rulePages: string | undefined;

  constructor(connection: Connection, project: Project, hooks: OpenFilesHooks) {
    this.#connection = connection;
    this.#project = project;
    this.#hooks = hooks;
    // Comes for the opening, too.
    this.#documents.onDidChangeContent(({ document }) => this.#diagnoseSoon(document.uri, this.#pauseBefore(document)));
    this.#documents.onDidOpen(({ document: { uri } }) => this.#hooks.touched(uri));
    this.#documents.onDidSave(({ document: { uri } }) => this.#hooks.touched(uri));
    this.#documents.onDidClose(({ document }) => void this.#close(document.uri));
    this.#documents.listen(connection);
  }

  isOpen(uri: string): boolean {
    return this.#documents.get(uri) !== undefined;
  }

  /** The file as it is at this moment; undefined when it is not open, or large and not read yet. */
  current(uri: string): OpenFile | undefined {
    const document = this.#documents.get(uri);
    if (document === undefined) return undefined;
    if (this.#versions.get(uri) !== document.version) {
      const content = document.getText();
      if (content.length > smallText) return undefined;
      this.#project.update(uri, content, { open: true });
      this.#versions.set(uri, document.version);
    }
    return this.#project.openFile(uri);
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

  #pauseBefore(document: TextDocument): number {
    if (!this.#versions.has(document.uri)) return 0;
    return document.offsetAt({ line: document.lineCount, character: 0 }) > smallText ? settled : quiet;
  }

  #diagnoseSoon(uri: string, delay: number): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => void this.#diagnose(uri), delay),
    );
  }

  async #diagnose(uri: string): Promise<void> {
    this.#timers.delete(uri);
    if (this.current(uri) === undefined && !(await this.#readLarge(uri))) return;
    this.#publish(uri);
    this.diagnoseAllSoon();
    await this.learn();
  }

  /** Says anew what there is to say of some files. */
  publish(uris: readonly string[]): void {
    for (const uri of uris) this.#publish(uri);
  }

  /** Says again what there is to say of the open files, if the cluster has more to tell. */
  async learn(): Promise<void> {
    if (!(await this.#hooks.learn())) return;
    for (const { uri } of this.#documents.all()) if (this.#versions.has(uri)) this.#publish(uri);
    this.#hooks.learnt();
  }

  /** The cluster changed: open files are looked at anew. */
  async reconsider(): Promise<void> {
    for (const { uri } of this.#documents.all()) if (this.#versions.has(uri)) this.#publish(uri);
    await this.learn();
  }

  /** Whether the text is the current one when it has been read. */
  async #readLarge(uri: string): Promise<boolean> {
    const document = this.#documents.get(uri);
    if (document === undefined) return false;
    const { version } = document;
    const isStale = (): boolean => this.#documents.get(uri)?.version !== version;
    if (!(await updateInSlices(this.#project, uri, document.getText(), { open: true }, isStale))) return false;
    this.#versions.set(uri, version);
    return true;
  }

  async #diagnoseAll(): Promise<void> {
    const run = this.#others;
    const pace = new Pace();
    for (const _step of this.#project.buildKustomizations()) {
      await pace.turn();
      if (this.#others !== run) return;
    }
    // Files that are gone have diagnostics to take back.
    for (const uri of new Set([...this.#project.uris(), ...this.#project.builtOutside(), ...this.#published.keys()])) {
      this.#publish(uri);
      await pace.turn();
      // Another run has been asked for: it will say what this one would.
      if (this.#others !== run) return;
    }
  }

  /** Sends a file's diagnostics if they differ from those sent before. */
  #publish(uri: string): void {
    const findings = [...this.#project.findings(uri), ...this.#hooks.moreFindings(uri)];
    // Of files that nobody looks at only what needs mending.
    const shown = this.isOpen(uri) ? findings : findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    const diagnostics = shown.map((finding) => diagnosticOf(finding, this.rulePages));
    const content = JSON.stringify(diagnostics);
    if (content === (this.#published.get(uri) ?? '[]')) return;
    if (diagnostics.length === 0) this.#published.delete(uri);
    else this.#published.set(uri, content);
    void this.#connection.sendDiagnostics({ uri, diagnostics });
  }

  async #close(uri: string): Promise<void> {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#versions.delete(uri);
    await this.#hooks.readClosed(uri);
    this.#publish(uri);
    this.diagnoseAllSoon();
  }
}
