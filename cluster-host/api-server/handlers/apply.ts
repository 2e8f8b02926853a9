/** PATCH with an apply configuration: server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
import { applyConfiguration } from '../../api/apply/apply.ts';
import type { FieldManagement } from '../../api/apply/management.ts';
import { parseYaml, type YamlDocument } from '../../api/decode/yaml.ts';
import { plainDocument } from '../../api/decode/parsed.ts';
import { forbidden, required } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { isObject, type JsonObject } from '../../api/values.ts';
import { ApiFailure, badRequest, invalid } from '../failure.ts';
import { bodyLimit, contentTypeOf, textOf } from '../negotiation/body.ts';
import type { ApiRequest, RequestContext } from '../request.ts';
import { isTrue } from '../request-info.ts';
import { checkPlace } from './decode-object.ts';
import { mayCreate, writeContextOf, type Handler } from './handler.ts';
import { writeOptionsOf, type FieldValidation, type WriteOptions } from './options.ts';

export const applyType = 'application/apply-patch+yaml';

export function isApply(request: ApiRequest): boolean {
  return contentTypeOf(request) === applyType;
}

export const apply: Handler = async (context, target, services) => {
  const { registry, definition, namespace, name, subresource } = target;
  const options = writeOptionsOf(context.request.query, 'PatchOptions');
  const applied = await applierOf(context, registry.managementOf(subresource), options);
  const next = (live: KubeObject | undefined): KubeObject => {
    const object = applied(live);
    definition.setDefaults(object);
    checkPlace(object, target);
    return object;
  };
  const create = async (): Promise<KubeObject> => {
    await mayCreate(context, services);
    return next(undefined);
  };
  // What is applied to a subresource needs its object.
  const { version, created } = await registry.update(namespace, name, { subresource, next, ...(subresource === '' && { create }), tracked: true }, writeContextOf(context, options.dryRun));
  return { type: 'object', status: created ? 201 : 200, object: version };
};

/** What the request's configuration makes of an object, without defaults, its owners kept; throws `ApiFailure` where it does not fit. */
export async function applierOf(context: RequestContext, management: FieldManagement, { fieldManager, fieldValidation }: WriteOptions): Promise<(live: KubeObject | undefined) => KubeObject> {
  checkPatchOptions(context);
  const { config, strictError } = await readConfiguration(context);
  const force = isTrue(context.request.query.get('force'));
  let warned = false;
  return (live) => {
    const outcome = applyConfiguration({ ...management, live, config, manager: fieldManager, force });
    if (!outcome.ok) throw new ApiFailure(outcome.status);
    if (strictError !== undefined && !warned) remark(context, strictError, fieldValidation);
    // An apply that is tried again warns once.
    warned = true;
    return outcome.object;
  };
}

/** `force` and a field manager belong to apply, and to nothing else. */
export function checkPatchOptions({ request }: RequestContext): void {
  const { query } = request;
  const errors = [];
  if (isApply(request) && (query.get('fieldManager') ?? '') === '') errors.push(required('fieldManager', 'is required for apply patch'));
  if (!isApply(request) && query.has('force')) errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
}

async function readConfiguration({ request }: RequestContext): Promise<{ readonly config: JsonObject; readonly strictError: string | undefined }> {
  const { value, strictError } = await readYaml(request);
  if (value !== null && !isObject(value)) throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`);
  return { config: value ?? {}, strictError };
}

async function readYaml(request: ApiRequest): Promise<YamlDocument> {
  const body = await request.body(bodyLimit);
  if (body.type === 'value') return plainDocument(body.value);
  const parsed = parseYaml(textOf(body));
  if (!parsed.ok) throw badRequest(`error decoding YAML: ${parsed.error}`);
  return parsed.value;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Doubled keys of a configuration. */
function remark(context: RequestContext, strictError: string, fieldValidation: FieldValidation): void {
  const text = `error converting YAML to JSON: ${strictError}`;
  if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${text}`);
  if (fieldValidation === 'Warn') context.warnings.push(text);
}
