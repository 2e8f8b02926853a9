/** One thing to say about a place in a manifest. */
import type { RuleSetting } from './messages.ts';
import type { Span } from './syntax/lines.ts';

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
