/**
 * A built kustomization as the API server would judge it, with every finding at the line that wrote the value: in a manifest,
 * in a patch, or in the kustomization itself.
 */
import { checkManifest, type ManifestFinding } from '../../cluster-host/api/check.ts';
import { plainDocument } from '../../cluster-host/api/decode/parsed.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { equal } from '../../cluster-host/api/values.ts';
import type { Finding } from '../finding.ts';
import { build } from '../kustomize/build.ts';
import { isKustomizationFile, type Files } from '../kustomize/files.ts';
import type { Origin, Resource } from '../kustomize/resource.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { markOf } from '../syntax/locate.ts';
import { textOf } from '../syntax/scalars.ts';
import { valueAt } from '../workspace/patterns.ts';

/** A finding in a document, which is known by its text. */
export interface BuiltFinding {
  readonly uri: string;
  readonly document: string;
  readonly finding: Finding;
}

export interface CheckedKustomization {
  readonly kustomizations: ReadonlySet<string>;
  readonly findings: readonly BuiltFinding[];
  /** What is still wrong with the objects of a document once they are built, as `rule message`; by the document's text. */
  readonly remaining: ReadonlyMap<string, ReadonlySet<string>>;
}

/** `now` in milliseconds since the epoch. */
export function checkKustomization(uri: string, files: Files, customKinds: CustomKinds, now: number): CheckedKustomization {
  const { resources, problems, kustomizations } = build(uri, files);
  const check = (value: unknown): readonly ManifestFinding[] => checkManifest(plainDocument(value), { now, customKind: (gvk) => customKinds.find(gvk)?.definition });
  const findings: BuiltFinding[] = problems.flatMap((problem) => {
    const severity = problem.refused ? 'information' : 'error';
    return placed({ uri: problem.uri, document: 0, base: [], value: undefined }, problem.path, files, { severity, rule: 'kustomization', message: problem.message });
  });
  const remaining = new Map<string, Set<string>>();
  for (const resource of resources) {
    const found = check(resource.object);
    note(resource, found, files, remaining);
    findings.push(...found.flatMap((one) => builtFinding(resource, one, uri, files, check)));
  }
  return { kustomizations, findings: unique(findings), remaining };
}

function note({ origins: [first] }: Resource, found: readonly ManifestFinding[], files: Files, remaining: Map<string, Set<string>>): void {
  const text = first === undefined ? undefined : files.documents(first.uri)?.[first.document]?.text;
  // What cannot be decoded is not validated: that says nothing about the rest.
  if (text === undefined || found.some(({ rule }) => rule === 'type' || rule === 'kind')) return;
  const known = remaining.get(text) ?? new Set<string>();
  for (const { rule, message } of found) known.add(`${rule} ${message}`);
  remaining.set(text, known);
}

/** Nothing where the manifest has the same mistake by itself: that is told there. */
function builtFinding(resource: Resource, { path, severity, rule, message }: ManifestFinding, root: string, files: Files, check: (value: unknown) => readonly ManifestFinding[]): readonly BuiltFinding[] {
  const [first] = resource.origins;
  if (first === undefined) return [];
  const isWhole = !isKustomizationFile(first.uri);
  if (isWhole && check(first.value).some((own) => own.rule === rule && own.message === message)) return [];
  const writer = writerOf(resource, path) ?? { origin: first, path };
  return placed(writer.origin, writer.path, files, { severity, rule, message: `${message} (built by ${shortName(root)})` });
}

interface Writer {
  readonly origin: Origin;
  /** Below the origin's place. */
  readonly path: Path;
}

/** Who wrote the value last; else the last who wrote something there. */
function writerOf({ origins, object }: Resource, path: Path): Writer | undefined {
  const value = valueAt(object, path);
  if (value === undefined) return undefined;
  const writers = origins.toReversed().flatMap((origin): readonly Writer[] => {
    if (Array.isArray(origin.value)) return operationsAt(origin, path);
    return valueAt(origin.value, path) === undefined ? [] : [{ origin, path }];
  });
  return writers.find((writer) => equal(valueAt(writer.origin.value, writer.path), value)) ?? writers[0];
}

/** The operations of a JSON patch that write a field, or something around it; the last one first. */
function operationsAt(origin: Origin, path: Path): readonly Writer[] {
  const operations = [...(origin.value as readonly unknown[]).entries()].toReversed();
  return operations.flatMap(([index, operation]) => {
    const pointer = textOf(valueAt(operation, ['path'])).split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const writes = pointer.every((step, at) => step === String(path[at]) || (step === '-' && typeof path[at] === 'number'));
    return writes && valueAt(operation, ['value']) !== undefined ? [{ origin, path: [index, 'value', ...path.slice(pointer.length)] }] : [];
  });
}

function placed(origin: Origin, path: Path, files: Files, finding: Omit<Finding, 'span'>): readonly BuiltFinding[] {
  const syntax = files.documents(origin.uri)?.[origin.document];
  if (syntax === undefined) return [];
  // A generator keeps the name of its object in a field of its own; a patch in a text has no places inside.
  const isGenerated = String(origin.base[0]).endsWith('Generator');
  const inner = isGenerated ? (path.join('.') === 'metadata.name' ? ['name'] : []) : path;
  return [{ uri: origin.uri, document: syntax.text, finding: { ...finding, span: markOf(syntax, [...origin.base, ...inner]) } }];
}

function shortName(uri: string): string {
  return decodeURIComponent(uri.split('/').slice(-2).join('/'));
}

function unique(findings: readonly BuiltFinding[]): readonly BuiltFinding[] {
  const keyOf = ({ uri, finding: { span, message } }: BuiltFinding): string => `${uri} ${span.start} ${message}`;
  return [...new Map(findings.map((one) => [keyOf(one), one])).values()];
}
