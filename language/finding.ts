/** One thing to say about a place in a manifest. */
import type { Range, RuleSetting } from './messages.ts';
import type { Span } from './syntax/lines.ts';
import type { Manifest } from './workspace/index.ts';

export type Severity = Exclude<RuleSetting, 'off'>;

export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Finding {
  /** In the document. */
  readonly span: Span;
  readonly severity: Severity;
  /** `yaml`, `unknown-field`, `selects-nothing`, … */
  readonly rule: string;
  readonly message: string;
  /** Ways to mend it, the likeliest first. */
  readonly fixes?: readonly Fix[];
}

/** A finding with its place in the file. */
export interface FileFinding extends Omit<Finding, 'span' | 'fixes'> {
  readonly range: Range;
  readonly manifest: Manifest | undefined;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly { readonly range: Range; readonly newText: string }[] }[];
}
