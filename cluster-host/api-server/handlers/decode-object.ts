/** A request body as an object of the kind that the path names, with the kind's defaults. */
import { kindType } from '../../api/catalogue/catalogue.ts';
import { decodeKind } from '../../api/catalogue/kind-schema.ts';
import { plainDocument, type ParsedDocument } from '../../api/decode/parsed.ts';
import { decodeError, strictProblems } from '../../api/decode/typed.ts';
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, parseApiVersion, type KubeObject } from '../../api/object.ts';
import { quote } from '../../api/text.ts';
import { isObject } from '../../api/values.ts';
import { badRequest } from '../failure.ts';
import { readDocument, unrecognized } from '../negotiation/body.ts';
import { dedupeOwnerReferences } from '../registry/owner-references.ts';
import type { RequestContext } from '../request.ts';
import type { ResourceTarget } from './handler.ts';
import type { FieldValidation } from './options.ts';

/** Reads the body of a create or update. */
export async function decodeObject(context: RequestContext, definition: KindDefinition, fieldValidation: FieldValidation): Promise<KubeObject> {
  const document = await readDocument(context.request, definition.kind);
  const object = decodeDocument(context, document ?? plainDocument(undefined), definition, fieldValidation);
  definition.setDefaults(object);
  dedupeOwnerReferences(object, '', (text) => void context.warnings.push(text));
  return object;
}

/** Names a kind and the schema that its documents have. */
export type DocumentKind = Pick<KindDefinition, 'group' | 'version' | 'kind' | 'model' | 'custom'>;

/** A document as an object of the kind: unknown and doubled fields are refused, warned of or ignored, wrong types refused. */
export function decodeDocument(context: RequestContext, document: ParsedDocument, expected: DocumentKind, fieldValidation: FieldValidation): KubeObject {
  checkType(document, expected);
  const { value, problems } = decodeKind(document, expected);
  const wrong = decodeError(problems);
  if (wrong !== undefined) throw cannotBeHandled(expected, expected, wrong);
  const remarks = fieldValidation === 'Ignore' ? [] : strictProblems(problems);
  if (remarks.length > 0 && fieldValidation === 'Strict') throw cannotBeHandled(expected, expected, `strict decoding error: ${remarks.join(', ')}`);
  context.warnings.push(...remarks);
  const { kind: _kind, apiVersion: _apiVersion, metadata = {}, ...rest } = value as KubeObject;
  return { kind: expected.kind, apiVersion: apiVersionOf(expected), metadata, ...rest };
}

function cannotBeHandled(actual: { readonly version: string; readonly kind: string }, expected: DocumentKind, why: string): Error {
  return badRequest(`${actual.kind} in version ${quote(actual.version)} cannot be handled as a ${expected.kind}: ${why}`);
}

/** What the document says it is, where it says so, must be what the path holds. */
function checkType({ value }: ParsedDocument, expected: DocumentKind): void {
  if (value === undefined) throw unrecognized(expected.kind, "couldn't get version/kind; json parse error: unexpected end of JSON input", '');
  if (!isObject(value)) {
    throw unrecognized(expected.kind, `couldn't get version/kind; json parse error: json: cannot unmarshal ${goTypeOf(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`, JSON.stringify(value));
  }
  const { apiVersion = '', kind = '' } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return;
  const named = apiVersion === '' ? expected : parseApiVersion(apiVersion);
  if (named === undefined) throw unrecognized(expected.kind, `couldn't get version/kind; unexpected GroupVersion string: ${apiVersion}`, JSON.stringify(value));
  const actual = { group: named.group, version: named.version, kind: kind === '' ? expected.kind : kind };
  if (actual.group === expected.group && actual.version === expected.version && actual.kind === expected.kind) return;
  const known = kindType(actual) !== undefined;
  if (!known) throw cannotBeHandled(actual, expected, `no kind ${quote(actual.kind)} is registered for version ${quote(apiVersionOf(actual))} in scheme "pkg/api/legacyscheme/scheme.go:30"`);
  if (actual.kind !== expected.kind) throw cannotBeHandled(actual, expected, `converting (${actual.version}.${actual.kind}) to (${expected.group === '' ? 'core' : expected.group.split('.')[0]}.${expected.kind}): unknown conversion`);
  throw badRequest(`the API version in the data (${apiVersionOf(actual)}) does not match the expected API version (${apiVersionOf(expected)})`);
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Name and namespace in the body must be those of the path; the namespace may be left out, and the name of a new object. */
export function checkPlace(object: KubeObject, { namespace, name, definition }: ResourceTarget): void {
  const metadata = (object.metadata ??= {});
  if (name !== '') {
    if ((metadata.name ?? '') === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
    if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (!definition.namespaced) return;
  if ((metadata.namespace ?? '') === '') metadata.namespace = namespace;
  if (metadata.namespace === namespace) return;
  if (name === '') throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${namespace})`);
}
