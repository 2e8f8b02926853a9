/** What a rule is: a name that settings and silencing comments use, a page `docs/rules/<name>.md`, and a pure check. */
import type { ClusterCondition, Fix, Severity } from '../finding.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import type { Span } from '../syntax/lines.ts';
import type { ManifestFacts } from '../workspace/facts.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';

export interface RuleFinding {
  readonly span: Span;
  readonly message: string;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  readonly fixes?: readonly Fix[];
  readonly cluster?: ClusterCondition;
}

interface RuleBase {
  readonly name: string;
  readonly severity: Severity;
}

/** Looks at one document; runs when the document changes. */
export interface DocumentRule extends RuleBase {
  checkDocument(syntax: DocumentSyntax, facts: ManifestFacts, customKinds: CustomKinds): readonly RuleFinding[];
}

/** Looks at one manifest among all others; runs when anything changes, so it walks no more than it must. */
export interface WorkspaceRule extends RuleBase {
  checkManifest(manifest: Manifest, index: WorkspaceIndex): readonly RuleFinding[];
}
