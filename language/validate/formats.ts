/** How a report is printed. */
import type { Severity } from '../finding.ts';
import type { ValidationFinding, ValidationReport } from './validate.ts';

export const formats: Readonly<Record<string, (report: ValidationReport) => string>> = { text, json, sarif };

function text({ files, objects, findings }: ValidationReport): string {
  const lines = findings.map(({ file, line, column, severity, message, rule, object }) => `${file}:${line}:${column}: ${severity}: ${message} [${rule}]${object === null ? '' : ` (${object})`}`);
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const summary = `${plural(objects, 'object')} in ${plural(files, 'file')}: ${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`;
  return [...lines, summary].join('\n');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function json({ findings }: ValidationReport): string {
  return JSON.stringify(findings, null, 2);
}

const sarifLevels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
function sarif({ findings }: ValidationReport): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].map((id) => ({ id }));
  const results = findings.map((finding) => ({ ruleId: finding.rule, level: sarifLevels[finding.severity], message: { text: finding.message }, locations: [{ physicalLocation: placeOf(finding) }] }));
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [{ tool: { driver: { name: 'kubicle', rules } }, results }] }, null, 2);
}

function placeOf({ file, line, column, endLine, endColumn }: ValidationFinding): object {
  return { artifactLocation: { uri: file.replaceAll('\\', '/') }, region: { startLine: line, startColumn: column, endLine, endColumn } };
}
