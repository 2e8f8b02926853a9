/** What the log page (media/logs.js) and the extension say to each other. */

export interface LogPageLine {
  /** Index into the sources that were announced. */
  readonly source: number;
  readonly time: string;
  readonly text: string;
}

export type ToLogPage =
  | { readonly type: 'start'; readonly maximumLines: number; readonly previous: boolean; readonly texts: Readonly<Record<string, string>> }
  | { readonly type: 'source'; readonly name: string }
  | { readonly type: 'lines'; readonly lines: readonly LogPageLine[] };

export type FromLogPage =
  | { readonly type: 'ready' }
  /** Open what is shown as a text document. */
  | { readonly type: 'open'; readonly text: string }
  /** Write what is shown into a file. */
  | { readonly type: 'save'; readonly text: string }
  | { readonly type: 'previous'; readonly previous: boolean };
