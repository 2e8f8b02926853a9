/** PATCH with an apply configuration: server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
import { applyConfiguration } from '../../api/apply/apply.ts';
import { parseYaml } from '../../api/decode/yaml.ts';
import { forbidden, required } from '../../api/field-errors.ts';
import type { KubeObject } from '../../api/object.ts';
import { isObject, type JsonObject } from '../../api/values.ts';
import { ApiFailure, badRequest, invalid } from '../failure.ts';
import { bodyLimit, textOf } from '../negotiation/body.ts';
import type { RequestContext } from '../request.ts';
import { isTrue } from '../request-info.ts';
import { checkPlace } from './decode-object.ts';
import { writeContextOf, type Handler } from './handler.ts';
import { writeOptionsOf } from './options.ts';
import { applyType } from './patcher.ts';

export const apply: Handler = async (context, target, { platform }) => {
  const { registry, definition, namespace, name, subresource } = target;
  const options = writeOptionsOf(context.request.query, 'PatchOptions');
  checkPatchOptions(context, applyType);
  const config = await readConfiguration(context);
  const management = registry.owners.managementOf(subresource, platform.clock.now());
  const applied = (live: KubeObject | undefined): KubeObject => {
    const outcome = applyConfiguration({ ...management, live, config, manager: options.fieldManager, force: isTrue(context.request.query.get('force')) });
    if (!outcome.ok) throw new ApiFailure(outcome.status);
    const { object } = outcome;
    definition.setDefaults(object);
    checkPlace(object, target);
    return object;
  };
  // What is applied to a subresource needs its object.
  const create = subresource === '' ? { create: () => applied(undefined) } : {};
  const { version, created } = await registry.update(namespace, name, { subresource, next: applied, ...create, tracked: true }, writeContextOf(context, options.dryRun));
  return { type: 'object', status: created ? 201 : 200, object: version };
};

/** `force` and a field manager belong to apply, and to nothing else. */
export function checkPatchOptions({ request: { query } }: RequestContext, type: string): void {
  const errors = [];
  if (type === applyType && (query.get('fieldManager') ?? '') === '') errors.push(required('fieldManager', 'is required for apply patch'));
  if (type !== applyType && query.has('force')) errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
}

async function readConfiguration({ request }: RequestContext): Promise<JsonObject> {
  const body = await request.body(bodyLimit);
  if (body.type === 'value') return checked(body.value);
  const parsed = parseYaml(textOf(body));
  if (!parsed.ok) throw badRequest(`error decoding YAML: ${parsed.error}`);
  return checked(parsed.value.value);
}

function checked(value: unknown): JsonObject {
  if (!isObject(value)) throw badRequest('error decoding YAML: an apply configuration is an object');
  return value;
}
