/**
 * What is wrong with a manifest: asked by the editor and by `kubicle validate`, answered by what the API server would do with
 * it, in its words and order: find the kind, decode strictly, set defaults, validate.
 */
import { kindType, listKinds } from './catalogue/catalogue.ts';
import type { ParsedDocument } from './decode/parsed.ts';
import { decode, type Decoded, type DecodeProblem } from './decode/typed.ts';
import type { FieldError, Path } from './field-error.ts';
import { fieldErrorText, parsePath } from './field-errors.ts';
import { findKind } from './kinds/kinds.ts';
import type { KindDefinition } from './kind.ts';
import { parseApiVersion, type GroupVersionKind, type KubeObject } from './object.ts';
import { quote } from './text.ts';
import { isObject } from './values.ts';

export interface ManifestFinding {
  /** Steps to the value that is meant; it may be missing from the document (a required field). */
  readonly path: Path;
  readonly severity: 'error' | 'warning';
  /** `kind`, `type`, `unknown-field`, `duplicate-field`, `warning`, or the reason of a field error in Kubernetes' spelling: `FieldValueInvalid`. */
  readonly rule: string;
  readonly message: string;
}

export interface CheckOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Namespace of objects that name none. */
  readonly namespace?: string;
  /** Kinds that CustomResourceDefinitions add. */
  readonly customKind?: (gvk: GroupVersionKind) => KindDefinition | undefined;
}

/** Everything that is wrong. Nothing is said of a kind that is neither built in nor among the custom kinds. */
export function checkManifest(document: ParsedDocument, options: CheckOptions): readonly ManifestFinding[] {
  const { value } = document;
  if (value === null || value === undefined) return [];
  if (!isObject(value)) return [finding([], 'kind', 'a manifest is an object with apiVersion and kind')];
  if (value['apiVersion'] === 'v1' && value['kind'] === 'List' && Array.isArray(value['items'])) {
    return value['items'].flatMap((item, index) => {
      const findings = checkManifest({ ...document, value: item }, options);
      return findings.map((one) => ({ ...one, path: ['items', index, ...one.path] }));
    });
  }
  const header = headerOf(value);
  if (Array.isArray(header)) return header;
  const type = kindType(header);
  if (type !== undefined) return checkObject(decode(document, type), header, findKind(header.group, header.version, header.kind), options);
  const custom = options.customKind?.(header);
  return custom?.custom === undefined ? unknownKind(header) : checkObject(custom.custom.decode(document), header, custom, options);
}

function headerOf(value: Readonly<Record<string, unknown>>): GroupVersionKind | ManifestFinding[] {
  const { apiVersion, kind } = value;
  const findings: ManifestFinding[] = [];
  for (const [name, content] of [['apiVersion', apiVersion], ['kind', kind]] as const) {
    if (content === undefined || content === null || content === '') findings.push(finding([name], 'kind', `${name} not set`));
    else if (typeof content !== 'string') findings.push(finding([name], 'type', `${name} must be a string`));
  }
  if (findings.length > 0) return findings;
  const version = parseApiVersion(String(apiVersion));
  if (version === undefined) return [finding(['apiVersion'], 'kind', `unexpected GroupVersion string: ${String(apiVersion)}`)];
  return { ...version, kind: String(kind) };
}

function unknownKind({ group, version, kind }: GroupVersionKind): readonly ManifestFinding[] {
  const builtIn = listKinds().filter((one) => one.group === group);
  if (builtIn.length === 0 && !group.endsWith('.k8s.io') && group.includes('.')) return [];
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const path = builtIn.some((one) => one.version === version) ? ['kind'] : ['apiVersion'];
  return [finding(path, 'kind', `no matches for kind ${quote(kind)} in version ${quote(apiVersion)}`)];
}

function checkObject({ value, problems }: Decoded, gvk: GroupVersionKind, definition: KindDefinition | undefined, options: CheckOptions): readonly ManifestFinding[] {
  const findings = problems.map((problem) => decodingFinding(problem, gvk));
  const isDecoded = !problems.some(({ kind }) => kind === 'type' || kind === 'value');
  return definition === undefined || !isDecoded ? findings : [...findings, ...validationFindings(value, definition, options)];
}

function decodingFinding({ path, kind, message }: DecodeProblem, gvk: GroupVersionKind): ManifestFinding {
  if (kind === 'unknown' || kind === 'duplicate') return finding(path, `${kind}-field`, message);
  return finding(path, 'type', `${gvk.kind} in version ${quote(gvk.version)} cannot be handled as a ${gvk.kind}: ${message}`);
}

/** What creating the object would say. A generated name stands for one that the server will choose. */
function validationFindings(object: KubeObject, definition: KindDefinition, { now, namespace = 'default' }: CheckOptions): readonly ManifestFinding[] {
  const metadata = (object.metadata ??= {});
  if (definition.namespaced && (metadata.namespace ?? '') === '') metadata.namespace = namespace;
  if ((metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '') metadata.name = `${metadata.generateName}xxxxx`;
  definition.setDefaults(object);
  definition.prepareForCreate(object);
  const errors = definition.validate(object, { now }).map(fieldFinding);
  const warnings = definition.warnings(object, undefined).map((message): ManifestFinding => ({ path: warnedPath(message), severity: 'warning', rule: 'warning', message }));
  return [...errors, ...warnings];
}

function fieldFinding(error: FieldError): ManifestFinding {
  return finding(parsePath(error.field), error.type, fieldErrorText(error));
}

/** Warnings name their field first where they mean one: `spec.nodeSelector[x]: deprecated since …`. */
function warnedPath(message: string): Path {
  const field = /^([a-z]\w*(?:[.[][^\s:]*)?): /i.exec(message)?.[1];
  return field === undefined ? [] : parsePath(field);
}

function finding(path: Path, rule: string, message: string): ManifestFinding {
  return { path, severity: 'error', rule, message };
}
