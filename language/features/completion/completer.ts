/** What a completer is: from a place in a document and the workspace around it to what may be written there. */
import type { Cursor } from '../../syntax/cursor.ts';
import type { FeatureContext, Place } from '../feature.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'kind' | 'name' | 'label' | 'snippet';
  /** Where it comes from, on the same line. */
  readonly detail: string;
  /** What is inserted where it differs from the label; for snippets with LSP's placeholders. */
  readonly text?: string;
}

export interface CompletionPlace extends Place {
  readonly cursor: Cursor;
}

export type Completer = (place: CompletionPlace, context: FeatureContext) => readonly Completion[];

/** One that asks the cluster; its answer is empty where none is connected. */
export type LiveCompleter = (place: CompletionPlace, context: FeatureContext) => Promise<readonly Completion[]>;
