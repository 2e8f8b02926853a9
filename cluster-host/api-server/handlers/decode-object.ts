/** A request body as an object of the kind that the path names, with the kind's defaults. */
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { badRequest } from '../failure.ts';
import { bodyLimit, contentTypeOf, parseBody } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';
import type { FieldValidation } from './options.ts';
import type { ResourceTarget } from './handler.ts';

/** Reads the body of a create or update. */
export async function decodeObject(context: RequestContext, definition: KindDefinition, fieldValidation: FieldValidation): Promise<KubeObject> {
  const { value, text } = parseBody(await context.request.body(bodyLimit), contentTypeOf(context.request));
  return completeObject(context, definition, value, text, fieldValidation);
}

/** Checks type and fields of a value that stands for an object, and fills in defaults. */
export function completeObject(context: RequestContext, definition: KindDefinition, value: unknown, text: string | undefined, fieldValidation: FieldValidation): KubeObject {
  void text;
  void fieldValidation;
  void context;
  const object = checkedType(definition, value);
  definition.setDefaults(object);
  return object;
}

function checkedType({ group, version, kind }: KindDefinition, value: unknown): KubeObject {
  const apiVersion = apiVersionOf({ group, version });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${value === null || value === undefined ? 'null' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
  }
  const object = value as KubeObject;
  const actual = { apiVersion: object.apiVersion || apiVersion, kind: object.kind || kind };
  if (actual.apiVersion !== apiVersion) {
    throw badRequest(`the API version in the data (${actual.apiVersion}) does not match the expected API version (${apiVersion})`);
  }
  if (actual.kind !== kind) throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: the kind in the data (${actual.kind}) does not match`);
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object;
  return { kind, apiVersion, metadata: metadata ?? {}, ...rest };
}

/** The name in the body, where it has one, must be the one of the path; likewise the namespace. */
export function checkPlace(object: KubeObject, { namespace, name, definition }: ResourceTarget): void {
  const metadata = (object.metadata ??= {});
  if (name !== '') {
    if ((metadata.name ?? '') === '') metadata.name = name;
    if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (!definition.namespaced) return;
  if ((metadata.namespace ?? '') === '') metadata.namespace = namespace;
  if (metadata.namespace !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
