/** The library's plain values as LSP's. */
import { CodeActionKind, DiagnosticSeverity, DiagnosticTag, SymbolKind } from 'vscode-languageserver';
import type { CodeAction, CodeLens, Diagnostic, DocumentSymbol, SymbolInformation, WorkspaceEdit } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { CodeLens as Lens } from '../features/code-lenses.ts';
import type { FileEdits, OpenFile } from '../features/feature.ts';
import { ruleNames } from '../rules/rules.ts';
import { silencingEdit } from '../features/silence.ts';
import type { DocumentSymbol as Symbol, WorkspaceSymbol } from '../features/symbols.ts';
import type { FileFinding, Severity } from '../finding.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export const source = 'kubicle';

/** Those that have a page. */
const withPage: ReadonlySet<string> = new Set(ruleNames);

/** With a link to the rule's page, where `rulePages` is the URI of the folder that has them. */
export function diagnosticOf({ range, severity, rule, message }: FileFinding, rulePages?: string): Diagnostic {
  return {
    range,
    severity: severities[severity],
    code: rule,
    source,
    message,
    ...(rulePages !== undefined && withPage.has(rule) ? { codeDescription: { href: `${rulePages}/${rule}.md` } } : {}),
    ...(rule === 'api-not-served' ? { tags: [DiagnosticTag.Deprecated] } : {}),
  };
}

export function codeActionsOf(file: OpenFile, finding: FileFinding): CodeAction[] {
  const fixes = finding.fixes.map(({ title, edits }, index) => ({ title, edits, isPreferred: index === 0 }));
  const silencing = silencingEdit(file, finding);
  const silence = silencing === undefined ? [] : [{ title: `Ignore ${finding.rule} on this line`, edits: [silencing], isPreferred: false }];
  return [...fixes, ...silence].map(({ title, edits, isPreferred }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(finding)],
    isPreferred,
    edit: workspaceEditOf([{ uri: file.uri, edits }]),
  }));
}

export function codeLensOf({ range, title, command, argument }: Lens): CodeLens {
  return { range, command: command === undefined ? { title, command: '' } : { title, command, arguments: [argument] } };
}

export function workspaceEditOf(files: readonly FileEdits[]): WorkspaceEdit {
  return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, [...edits]])) };
}

/** Spelled as VS Code spells it (`file:///c%3A/a%20b`): files are known by the text of their URI. */
export function uriOf(file: string): string {
  return URI.file(file).toString();
}

const symbolKinds: Readonly<Record<Symbol['kind'], SymbolKind>> = {
  object: SymbolKind.Class,
  field: SymbolKind.Module,
  item: SymbolKind.Object,
  value: SymbolKind.Property,
};

export function documentSymbolOf({ name, detail, kind, range, selectionRange, children }: Symbol): DocumentSymbol {
  return { name, detail, kind: symbolKinds[kind], range, selectionRange, children: children.map(documentSymbolOf) };
}

export function workspaceSymbolOf({ name, namespace, uri, range }: WorkspaceSymbol): SymbolInformation {
  return { name, kind: SymbolKind.Class, containerName: namespace, location: { uri, range } };
}
