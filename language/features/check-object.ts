/** What the API server would say of a document, by its own code, placed in the text and with ways to mend it. */
import { kindType, listKinds } from '../../cluster-host/api/catalogue/catalogue.ts';
import { typeAt } from '../../cluster-host/api/catalogue/schema.ts';
import { checkManifest } from '../../cluster-host/api/check.ts';
import type { ManifestFinding } from '../../cluster-host/api/check.ts';
import type { Path } from '../../cluster-host/api/field-error.ts';
import { parseApiVersion } from '../../cluster-host/api/object.ts';
import { isObject, type JsonObject } from '../../cluster-host/api/values.ts';
import { find, valueAt } from '../workspace/patterns.ts';
import type { Finding, Fix } from '../finding.ts';
import type { CustomKinds } from '../schema/custom-kinds.ts';
import { closest } from '../syntax/closest.ts';
import type { DocumentSyntax } from '../syntax/document.ts';
import { markOf } from '../syntax/locate.ts';
import { scalarOf, textOf } from '../syntax/scalars.ts';

/** `now` in milliseconds since the epoch. */
export function checkObject(syntax: DocumentSyntax, customKinds: CustomKinds, now: number): readonly Finding[] {
  return checkManifest(syntax.parsed, { now, customKind: (gvk) => customKinds.find(gvk)?.definition })
    .filter(({ rule }) => rule !== 'duplicate-field' /* The syntax has told them all. */)
    .map(({ path, severity, rule, message }) => {
      const span = rule === 'unknown-field' ? markOf(syntax, path, 'key') : markOf(syntax, ...exactPlace(path, message, syntax.value));
      const quoted = rule === 'type' ? quoting(syntax.text.slice(span.start, span.end), message) : [];
      const fixes = [...quoted, ...fixesFor({ path, severity, rule, message }, syntax.value, customKinds)].map(({ title, text, path: elsewhere }): Fix => ({ title, edits: [{ span: elsewhere === undefined ? span : markOf(syntax, elsewhere), newText: text }] }));
      return { span, severity, rule, message, fixes };
    });
}

/** A number or boolean where a text must be lacks its quotes. */
function quoting(written: string, message: string): readonly Replacement[] {
  const isBare = /^[-+.\w]+$/.test(written) && message.endsWith('of type string');
  return isBare ? [{ title: `Quote it: "${written}"`, text: `"${written}"` }] : [];
}

/**
 * Some errors name a map and tell the wrong label or key in their message only; others name a field that was filled in from
 * another (`clusterIPs` from `clusterIP`). Then the entry of the innermost written map is meant that has the value of the message.
 */
function exactPlace(path: Path, message: string, object: unknown): readonly [Path, 'key' | 'value'] {
  const [map, holder] = innermostMap(object, path);
  const invalid = /: Invalid value: ("(?:[^"\\]|\\.)*"|-?[0-9.]+): /.exec(message)?.[1];
  const meant = invalid === undefined ? undefined : Object.entries(map).find(([key, value]) => JSON.stringify(key) === invalid || JSON.stringify(value) === invalid);
  if (meant === undefined) return [path, 'value'];
  return [[...holder, meant[0]], JSON.stringify(meant[0]) === invalid ? 'key' : 'value'];
}

/** The map at a path, or the nearest above where nothing is written at the path. Empty where a value is written there. */
function innermostMap(object: unknown, path: Path): readonly [JsonObject, Path] {
  for (let length = path.length; length >= 0; length -= 1) {
    const holder = path.slice(0, length);
    const value = valueAt(object, holder);
    if (isObject(value)) return [value, holder];
    if (value !== undefined && length === path.length) break;
  }
  return [{}, path];
}

interface Replacement {
  readonly title: string;
  readonly text: string;
  /** Where it goes, if not to the place of the finding. */
  readonly path?: Path;
}

function fixesFor({ path, rule, message }: ManifestFinding, object: unknown, customKinds: CustomKinds): readonly Replacement[] {
  switch (rule) {
    case 'unknown-field':
      return closest(String(path.at(-1)), fieldsAt(object, path.slice(0, -1), customKinds)).map((field) => ({ title: `Change to ${field}`, text: field }));
    case 'kind':
      return path[0] === 'kind' && isObject(object) ? kindsLike(object) : [];
    case 'FieldValueNotFound':
      return closest(textOf(valueAt(object, path)), volumesAround(object, path)).map((name) => ({ title: `Change to ${name}`, text: scalarOf(name) }));
    case 'FieldValueNotSupported':
      return likeliestFirst(textOf(valueAt(object, path)), supportedValues(message)).map((value) => ({ title: `Change to ${value}`, text: scalarOf(value) }));
    case 'FieldValueInvalid':
      return message.includes('`selector` does not match template `labels`') ? labelsOfSelector(object, path) : [];
    default:
      return [];
  }
}

/** Labels of a template that have another value than the selector asks for. */
function labelsOfSelector(object: unknown, template: Path): readonly Replacement[] {
  const labels = valueAt(object, template);
  const wanted = valueAt(object, ['spec', 'selector', 'matchLabels']) ?? valueAt(object, ['spec', 'selector']);
  return Object.entries(isObject(wanted) && isObject(labels) ? wanted : {}).flatMap(([key, value]) =>
    isObject(labels) && Object.hasOwn(labels, key) && labels[key] !== value ? [{ title: `Label the template ${key}: ${textOf(value)}`, text: scalarOf(textOf(value)), path: [...template, key] }] : [],
  );
}

function fieldsAt(object: unknown, path: Path, customKinds: CustomKinds): readonly string[] {
  if (!isObject(object)) return [];
  const groupVersion = parseApiVersion(textOf(object['apiVersion']));
  const gvk = groupVersion === undefined ? undefined : { ...groupVersion, kind: textOf(object['kind']) };
  const root = gvk === undefined ? undefined : (kindType(gvk) ?? customKinds.find(gvk)?.definition.custom?.type);
  const type = root === undefined ? undefined : typeAt(root, path);
  return type?.kind === 'struct' ? [...type.fields.keys()] : [];
}

function kindsLike({ apiVersion, kind }: Readonly<Record<string, unknown>>): readonly Replacement[] {
  const groupVersion = parseApiVersion(textOf(apiVersion));
  const kinds = listKinds().filter(({ group, version }) => group === groupVersion?.group && version === groupVersion.version);
  return closest(textOf(kind), kinds.map((one) => one.kind)).map((text) => ({ title: `Change to ${text}`, text }));
}

function likeliestFirst(word: string, values: readonly string[]): readonly string[] {
  return [...new Set([...closest(word, values), ...values])];
}

/** Names of the volumes of the pod whose container has the path. */
function volumesAround(object: unknown, path: Path): readonly string[] {
  const containers = path.findIndex((step) => typeof step === 'string' && /containers$/i.test(step));
  const volumes = containers === -1 ? undefined : valueAt(object, [...path.slice(0, containers), 'volumes']);
  return find({ volumes }, 'volumes[].name').map(({ value }) => textOf(value));
}

/** The values that the message lists: `supported values: "Always", "Never"`. */
function supportedValues(message: string): readonly string[] {
  const list = /supported values: (.*)$/.exec(message)?.[1] ?? '';
  return Array.from(list.matchAll(/"([^"]*)"/g), ([, value]) => value ?? '').slice(0, 8);
}
