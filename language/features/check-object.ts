/** What the API server would say of a document, by its own code, placed in the text and with ways to mend it. */
import { kindType, listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { typeAt } from '../../cluster-host/api/catalogue/schema.ts';
import { checkManifest } from '../../cluster-host/api/check.ts';
import type { ManifestFinding } from '../../cluster-host/api/check.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import { isObject } from '../../cluster-host/api/values.ts';
import { valueAt } from '../workspace/patterns.ts';
import type { Finding, Fix } from '../finding.ts';
import { closest } from '../syntax/closest.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import { markOf } from '../syntax/locate.ts';
import { scalarOf } from '../syntax/scalars.ts';

/** `now` in milliseconds since the epoch. */
export function checkObject(syntax: DocumentSyntax, now: number): readonly Finding[] {
  return checkManifest(syntax.parsed, { now })
    .filter(({ rule }) => rule !== 'duplicate-field' /* The syntax has told them all. */)
    .map(({ path, severity, rule, message }) => {
      const span = rule === 'unknown-field' ? markOf(syntax, path, 'key') : markOf(syntax, ...exactPlace(path, message, syntax.value));
      const fixes = fixesFor({ path, severity, rule, message }, syntax.value).map(({ title, text }): Fix => ({ title, edits: [{ span, newText: text }] }));
      return { span, severity, rule, message, fixes };
    });
}

/** Errors about a label or its key name the map that it is in; the message says which one is meant. */
function exactPlace(path: Path, message: string, object: unknown): readonly [Path, 'key' | 'value'] {
  const map = valueAt(object, path);
  const invalid = /: Invalid value: ("(?:[^"\\]|\\.)*"): /.exec(message)?.[1];
  if (!isObject(map) || invalid === undefined) return [path, 'value'];
  const meant = Object.entries(map).find(([key, value]) => JSON.stringify(key) === invalid || JSON.stringify(value) === invalid);
  if (meant === undefined) return [path, 'value'];
  return [[...path, meant[0]], JSON.stringify(meant[0]) === invalid ? 'key' : 'value'];
}

interface Replacement {
  readonly title: string;
  readonly text: string;
}

function fixesFor({ path, rule, message }: ManifestFinding, object: unknown): readonly Replacement[] {
  switch (rule) {
    case 'unknown-field':
      return closest(String(path.at(-1)), fieldsAt(object, path.slice(0, -1))).map((field) => ({ title: `Change to ${field}`, text: field }));
    case 'kind':
      return path[0] === 'kind' && isObject(object) ? kindsLike(object) : [];
    case 'FieldValueNotSupported':
      return supportedValues(message).map((value) => ({ title: `Change to ${value}`, text: scalarOf(value) }));
    default:
      return [];
  }
}

function fieldsAt(object: unknown, path: Path): readonly string[] {
  if (!isObject(object)) return [];
  const groupVersion = parseApiVersion(String(object['apiVersion']));
  const root = groupVersion === undefined ? undefined : kindType({ ...groupVersion, kind: String(object['kind']) });
  const type = root === undefined ? undefined : typeAt(root, path);
  return type?.kind === 'struct' ? [...type.fields.keys()] : [];
}

function kindsLike({ apiVersion, kind }: Readonly<Record<string, unknown>>): readonly Replacement[] {
  const groupVersion = parseApiVersion(String(apiVersion));
  const kinds = listKinds().filter(({ group, version }) => group === groupVersion?.group && version === groupVersion.version);
  return closest(String(kind), kinds.map((one) => one.kind)).map((text) => ({ title: `Change to ${text}`, text }));
}

/** The values that the message lists: `supported values: "Always", "Never"`. */
function supportedValues(message: string): readonly string[] {
  const list = /supported values: (.*)$/.exec(message)?.[1] ?? '';
  return Array.from(list.matchAll(/"([^"]*)"/g), ([, value]) => value ?? '').slice(0, 8);
}
