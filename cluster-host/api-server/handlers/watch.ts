/**
 * GET of a collection with `watch=true`: what is there, where that is asked for, and then every change
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 */
import { apiVersionOf } from '../../api/object.ts';
import { tooLargeRevision } from '../registry/list-objects.ts';
import type { ObjectVersion } from '../registry/object-version.ts';
import { selectionOf } from '../registry/selection.ts';
import type { Handler, HandlerServices, ResourceTarget } from './handler.ts';
import { pageOf } from './list.ts';
import { listOptionsOf, type ListOptions } from './options.ts';

export const watch: Handler = async (context, target, services) => {
  const options = named(listOptionsOf(context.request.query, true), target.name);
  const selection = selectionOf(target.definition, options.labelSelector, options.fieldSelector);
  const start = await startOf(target, services, options);
  return {
    type: 'watch',
    kind: target.definition.kind,
    apiVersion: apiVersionOf(target.definition),
    open: (sink) => services.sessions.start({ definition: target.definition, options, ...start, sink }, (inner) => target.registry.reader.watch(target.namespace, start.revision, selection, inner)),
  };
};

/** A path that names an object watches that one alone. */
function named(options: ListOptions, name: string): ListOptions {
  if (name === '') return options;
  const own = `metadata.name=${name}`;
  return { ...options, fieldSelector: options.fieldSelector === '' ? own : `${options.fieldSelector},${own}` };
}

interface Start {
  /** Delivered as ADDED before anything else. */
  readonly initial: readonly ObjectVersion[];
  /** Changes after this one follow. */
  readonly revision: number;
}

async function startOf(target: ResourceTarget, services: HandlerServices, options: ListOptions): Promise<Start> {
  const asked = options.resourceVersion === '' ? 0 : Number(options.resourceVersion);
  const current = await services.store.revision();
  if (asked > current) throw tooLargeRevision(asked, current);
  if (options.sendInitialEvents === true || (asked === 0 && options.sendInitialEvents !== false)) {
    const page = await pageOf(target, services, { ...options, limit: 0, continue: '', resourceVersionMatch: '', resourceVersion: '' });
    return { initial: page.items, revision: page.revision };
  }
  return { initial: [], revision: asked === 0 ? current : asked };
}
