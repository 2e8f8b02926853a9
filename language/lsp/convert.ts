/** The library's plain values as LSP's. */
import { pathToFileURL } from 'node:url';
import { CodeActionKind, DiagnosticSeverity, DiagnosticTag, SymbolKind } from 'vscode-languageserver';
import type { CodeAction, Diagnostic, DocumentSymbol, SymbolInformation, WorkspaceEdit } from 'vscode-languageserver';
import type { FileEdits } from '../features/feature.ts';
import type { DocumentSymbol as Symbol, WorkspaceSymbol } from '../features/symbols.ts';
import type { Severity } from '../finding.ts';
import type { FileFinding } from '../project.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export const source = 'kubicle';

export function diagnosticOf({ range, severity, rule, message }: FileFinding): Diagnostic {
  return { range, severity: severities[severity], code: rule, source, message, ...(rule === 'deprecated-api' ? { tags: [DiagnosticTag.Deprecated] } : {}) };
}

export function codeActionsOf(uri: string, finding: FileFinding): CodeAction[] {
  return finding.fixes.map(({ title, edits }, index) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(finding)],
    isPreferred: index === 0,
    edit: workspaceEditOf([{ uri, edits }]),
  }));
}

export function workspaceEditOf(files: readonly FileEdits[]): WorkspaceEdit {
  return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, [...edits]])) };
}

export function uriOf(file: string): string {
  return pathToFileURL(file).href;
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
