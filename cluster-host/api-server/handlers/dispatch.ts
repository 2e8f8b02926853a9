/** Finds the resource and the verb's handler, and presents what it answers in the form that was asked for. */
import { scalePrinter } from '../../api/kinds/scale-printer.ts';
import { methodNotAllowed, unknownResource } from '../failure.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { includeObjectOf, present } from '../negotiation/present.ts';
import type { Registries } from '../registry/registries.ts';
import type { Answer, RequestContext } from '../request.ts';
import { isTrue } from '../request-info.ts';
import { connect } from './connect.ts';
import { create } from './create.ts';
import { deleteCollection } from './delete-collection.ts';
import { remove } from './delete.ts';
import { get } from './get.ts';
import type { Handler, HandlerServices, ResourceTarget } from './handler.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';

const resourceHandlers: Readonly<Record<string, Handler>> = { get, list, watch, create, update, patch, delete: remove, deletecollection: deleteCollection };

/** Subresources that every kind handles alike. */
const genericSubresources: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { get, update, patch },
  scale: { get: getScale, update: updateScale, patch: patchScale },
};

/** Subresources whose answer is a stream. */
const streams: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

export function createDispatch(registries: Registries, services: HandlerServices): (context: RequestContext) => Promise<Answer> | undefined {
  return (context) => {
    const { info } = context;
    if (!info.isResource) return undefined;
    const registry = registries.find(info.group, info.version, info.resource);
    if (registry === undefined) throw unknownResource();
    const { definition } = registry;
    const target: ResourceTarget = { registry, definition, namespace: definition.namespaced ? info.namespace : '', name: info.name, subresource: info.subresource };
    return answer(context, target, services);
  };
}

async function answer(context: RequestContext, target: ResourceTarget, services: HandlerServices): Promise<Answer> {
  const { request } = context;
  const accepted = acceptedBy(request.headers['accept'], hasTable(context, target));
  const includeObject = accepted.form === 'Table' ? includeObjectOf(request.query) : '';
  const handler = handlerOf(context, target);
  const printer = target.subresource === 'scale' ? scalePrinter : target.definition.printer;
  return present(await handler(context, target, services), { accepted, printer, includeObject, now: () => services.platform.clock.now() });
}

/** What is only asked or ordered (a review, a binding, a token) has no Table: it answers as it is, or 406. */
function hasTable({ info }: RequestContext, { definition, subresource }: ResourceTarget): boolean {
  return info.verb !== 'create' || (subresource === '' && definition.verbs.includes('get'));
}

function handlerOf(context: RequestContext, target: ResourceTarget): Handler {
  const { info } = context;
  const { definition, registry, subresource } = target;
  if (subresource === '') {
    // A single object can be watched by its old path; everything else with `watch` is a collection's.
    const verb = info.verb === 'get' && isTrue(context.request.query.get('watch')) ? 'watch' : info.verb;
    const handler = definition.verbs.includes(verb) ? resourceHandlers[verb] : undefined;
    if (handler === undefined) throw methodNotAllowed();
    checkPath(context, target);
    const own = info.verb === 'create' ? registry.strategy.answerCreate : undefined;
    return own === undefined ? handler : (request, { namespace, name }) => own({ context: request, registry, namespace, name });
  }
  const declared = definition.subresources[subresource];
  if (declared === undefined) throw unknownResource();
  const own = registry.strategy.subresources?.[subresource];
  if (own !== undefined) {
    const handle = own[info.verb];
    if (handle === undefined) throw methodNotAllowed();
    return (request, { namespace, name }) => handle({ context: request, registry, namespace, name });
  }
  const handler = streams.has(subresource) ? connect : genericSubresources[subresource]?.[info.verb];
  if (handler === undefined) throw methodNotAllowed();
  return handler;
}

/** Which verbs act on a collection and which on a named object is the path's matter; so is whether it stands in a namespace. */
function checkPath({ info }: RequestContext, { definition, name }: ResourceTarget): void {
  if (!definition.namespaced && info.namespace !== '' && definition.plural !== 'namespaces') throw unknownResource();
  // Of a list, watch or deletecollection the name is that of its field selector.
  const needsName = ['get', 'update', 'patch', 'delete'].includes(info.verb);
  if ((needsName && name === '') || (info.verb === 'create' && name !== '')) throw methodNotAllowed();
  if (!definition.namespaced || info.namespace !== '' || info.verb === 'list' || info.verb === 'watch') return;
  throw info.verb === 'create' || info.verb === 'deletecollection' ? methodNotAllowed() : unknownResource();
}
