/** Log pages: a webview for a pod, container or workload, fed by a LogSession. */
import * as vscode from 'vscode';
import type { Connection } from '../../clusters/connection.ts';
import { pods } from '../../../cluster-host/client/resources.ts';
import { t } from '../../l10n.ts';
import { readSettings } from '../../settings/settings.ts';
import { podOwners, type PodOwnerRef } from '../../workloads.ts';
import { webPage } from '../web-page.ts';
import { LogSession } from './log-session.ts';
import type { FromLogPage, LogPageLine, ToLogPage } from './messages.ts';

/** Lines wait this long for others before they go to the page together. */
const batchMilliseconds = 40;
/** The first lines of several containers are brought into the order of their times. */
const firstMilliseconds = 250;

export interface LogSubject {
  readonly ref: PodOwnerRef;
  readonly container?: string;
}

export class LogViews implements vscode.Disposable {
  readonly #media: vscode.Uri;
  readonly #panels = new Map<string, vscode.WebviewPanel>();

  constructor(media: vscode.Uri) {
    this.#media = media;
  }

  /** Shows the page of this object; there is one for each. */
  async open(connection: Connection, subject: LogSubject): Promise<void> {
    const { ref, container } = subject;
    const key = JSON.stringify([connection.context, ref.kind, ref.namespace, ref.name, container]);
    const known = this.#panels.get(key);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    await Promise.all([pods, podOwners[ref.kind] ?? pods].map((resource) => connection.synced(resource)));
    const title = t('Logs: {0}', container === undefined ? ref.name : `${ref.name}/${container}`);
    const panel = vscode.window.createWebviewPanel('kubicle.logs', title, vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [this.#media],
    });
    this.#panels.set(key, panel);
    const feed = new LogFeed(panel.webview, connection, subject);
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      feed.dispose();
    });
    panel.webview.html = webPage(panel.webview, this.#media, 'logs', body);
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}

class LogFeed implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #connection: Connection;
  readonly #subject: LogSubject;
  readonly #messages: vscode.Disposable;
  #sources: string[] = [];
  #waiting: LogPageLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  #session: LogSession | undefined;
  #hasLines = false;

  constructor(webview: vscode.Webview, connection: Connection, subject: LogSubject) {
    this.#webview = webview;
    this.#connection = connection;
    this.#subject = subject;
    this.#messages = webview.onDidReceiveMessage((message: FromLogPage) => {
      if (message.type === 'ready') this.#start(false);
      else if (message.type === 'previous') this.#start(message.previous);
      else if (message.type === 'save') void save(this.#subject, message.text);
      else void vscode.workspace.openTextDocument({ content: message.text, language: 'log' }).then((document) => vscode.window.showTextDocument(document));
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#session?.dispose();
    this.#messages.dispose();
  }

  #start(previous: boolean): void {
    this.#session?.dispose();
    this.#sources = [];
    this.#hasLines = false;
    this.#waiting = [];
    const { tailLines, maximumLines } = readSettings().logs;
    this.#send({ type: 'start', maximumLines, previous, texts: pageTexts() });
    const { ref, container } = this.#subject;
    this.#session = new LogSession(
      this.#connection,
      { ref, previous, tailLines, ...(container === undefined ? {} : { container }) },
      {
        lines: (name, lines) => {
          const source = this.#sourceOf(name);
          for (const { time, text } of lines) this.#waiting.push({ source, time, text });
          this.#flushSoon();
        },
        refused: (name, text) => {
          this.#waiting.push({ source: this.#sourceOf(name), time: '', text });
          this.#flushSoon();
        },
      },
    );
  }

  #sourceOf(name: string): number {
    const known = this.#sources.indexOf(name);
    if (known >= 0) return known;
    this.#send({ type: 'source', name });
    return this.#sources.push(name) - 1;
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), this.#hasLines ? batchMilliseconds : firstMilliseconds);
  }

  #flush(): void {
    this.#timer = undefined;
    const lines = this.#sources.length > 1 ? this.#waiting.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)) : this.#waiting;
    this.#hasLines = true;
    this.#waiting = [];
    if (lines.length > 0) this.#send({ type: 'lines', lines });
  }

  #send(message: ToLogPage): void {
    void this.#webview.postMessage(message);
  }
}

async function save({ ref }: LogSubject, text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && vscode.Uri.joinPath(folder, `${ref.name}.log`);
  const uri = await vscode.window.showSaveDialog(defaultUri === undefined ? {} : { defaultUri });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

function pageTexts(): Readonly<Record<string, string>> {
  return {
    filter: t('Filter: text or /expression/'),
    follow: t('Follow'),
    times: t('Times'),
    previous: t('Previous run'),
    clear: t('Clear'),
    open: t('Open as text'),
    save: t('Save…'),
    json: t('JSON as words'),
    time: t('Go to time: 12:34'),
    count: t('{0} lines'),
    shown: t('{0} of {1} lines'),
    waiting: t('Waiting for the first line …'),
  };
}

const body = `<header>
<input id="filter" type="search" spellcheck="false">
<label><input id="follow" type="checkbox" checked><span></span></label>
<label><input id="times" type="checkbox"><span></span></label>
<label><input id="json" type="checkbox" checked><span></span></label>
<label><input id="previous" type="checkbox"><span></span></label>
<input id="time" type="text" spellcheck="false">
<button id="clear"></button><button id="open"></button><button id="save"></button>
<output id="count" aria-live="off"></output>
</header>
<main id="scroller" tabindex="0" role="log" aria-live="off"><div id="space"><div id="rows"></div></div><p id="waiting"></p></main>`;
