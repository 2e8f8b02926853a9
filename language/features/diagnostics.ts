/**
 * What is wrong in a document, in three layers: its syntax, the object as the API server would judge it, and the rules. The
 * first two and the rules of one document depend on the document alone; the rules of the workspace on everything.
 */
import type { Finding, Severity } from '../finding.ts';
import type { RuleSetting } from '../messages.ts';
import { documentRules, workspaceRules } from '../rules/rules.ts';
import type { RuleFinding } from '../rules/rule.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import { markOf } from '../syntax/locate.ts';
import type { ManifestFacts } from '../workspace/facts.ts';
import type { Manifest, WorkspaceIndex } from '../workspace/index.ts';
import { checkObject } from './check-object.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { isSilenced } from './silence.ts';

export interface DiagnosticsOptions {
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Syntax errors are shown by somebody else. */
  readonly syntaxElsewhere: boolean;
}

/** Findings that depend on the document alone, which is meant to be a Kubernetes object. `now` in milliseconds since the epoch. */
export function diagnoseDocument(syntax: DocumentSyntax, facts: readonly ManifestFacts[], customKinds: CustomKinds, now: number): readonly Finding[] {
  const findings = syntaxFindings(syntax);
  // Nobody can tell what a broken document means.
  if (findings.some(({ rule }) => rule === 'yaml')) return findings;
  findings.push(...checkObject(syntax, customKinds, now));
  const [own] = facts;
  if (own !== undefined) for (const rule of documentRules) findings.push(...named(rule, rule.checkDocument(syntax, own, customKinds)));
  return findings.filter((finding) => !isSilenced(syntax.text, finding));
}

/** Findings about the syntax alone, whatever the document means to be. */
export function syntaxFindings(syntax: DocumentSyntax): Finding[] {
  return syntax.problems.map(({ place, message, rule }) => ({ span: 'span' in place ? place.span : markOf(syntax, place.path, 'key'), severity: 'error', rule, message }));
}

export function diagnoseManifest(manifest: Manifest, documentText: string, index: WorkspaceIndex): readonly Finding[] {
  return workspaceRules.flatMap((rule) => named(rule, rule.checkManifest(manifest, index))).filter((finding) => !isSilenced(documentText, finding));
}

/** The findings that the settings let through, with the severities they say. */
export function asSet(findings: readonly Finding[], { rules, syntaxElsewhere }: DiagnosticsOptions): readonly Finding[] {
  return findings.flatMap((finding) => {
    if (syntaxElsewhere && finding.rule === 'yaml') return [];
    const setting = rules[finding.rule];
    return setting === 'off' ? [] : [{ ...finding, severity: setting ?? finding.severity }];
  });
}

function named(rule: { readonly name: string; readonly severity: Severity }, findings: readonly RuleFinding[]): Finding[] {
  return findings.map((finding) => ({ severity: rule.severity, ...finding, rule: rule.name }));
}
