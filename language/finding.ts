/** One thing to say about a place in a manifest. */
import type { LiveObjectQuestion, Range, RuleSetting } from './messages.ts';
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

/** What a live cluster has to say before a finding is told. */
export interface ClusterCondition {
  /** The finding falls where the cluster has this object. */
  readonly object: LiveObjectQuestion;
  /** … and the object has this key among its data. */
  readonly key?: string;
  /** Without a cluster that denies it, nothing is said: the object is the cluster's own rather than a manifest's. */
  readonly onlyWithCluster: boolean;
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
  readonly cluster?: ClusterCondition;
}

/** A finding with its place in the file. */
export interface FileFinding extends Omit<Finding, 'span' | 'fixes' | 'cluster'> {
  readonly range: Range;
  readonly manifest: Manifest | undefined;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly { readonly range: Range; readonly newText: string }[] }[];
}
