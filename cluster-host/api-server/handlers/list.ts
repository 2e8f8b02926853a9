/** GET of a collection. */
import { apiVersionOf } from '../../api/object.ts';
import type { ListQuery, ObjectPage } from '../registry/list-objects.ts';
import { selectionOf, type Selection } from '../registry/selection.ts';
import type { Handler, HandlerServices, ResourceTarget } from './handler.ts';
import { listOptionsOf, type ListOptions } from './options.ts';

export const list: Handler = async (context, target, services) => {
  const { definition } = target;
  const options = listOptionsOf(context.request.query, false);
  const page = await pageOf(target, services, options);
  return {
    type: 'list',
    list: {
      kind: `${definition.kind}List`,
      apiVersion: apiVersionOf(definition),
      metadata: {
        // What is not in the store has no revision.
        ...(page.revision === 0 ? {} : { resourceVersion: String(page.revision) }),
        ...(page.continue === undefined ? {} : { continue: page.continue }),
        ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
      },
      items: page.items,
    },
  };
};

/** Reads what the options select; a selection of one name reads that object alone. */
export async function pageOf({ definition, namespace, registry }: ResourceTarget, { store }: HandlerServices, options: ListOptions): Promise<ObjectPage> {
  const selection = selectionOf(definition, options.labelSelector, options.fieldSelector);
  const query = queryOf(options, selection);
  if (registry.strategy.source === undefined && selection.name !== undefined && (namespace !== '' || !definition.namespaced) && query.exactly === undefined && query.continue === '' && query.notOlderThan === 0) {
    const revision = await store.revision();
    const version = await registry.find(namespace, selection.name);
    const items = version !== undefined && selection.matches(version.object) ? [version] : [];
    return { items, revision: Math.max(revision, version?.revision ?? 0), continue: undefined, remaining: undefined };
  }
  return registry.reader.list(namespace, query);
}

function queryOf({ resourceVersion, resourceVersionMatch, limit, continue: token }: ListOptions, selection: Selection): ListQuery {
  const revision = resourceVersion === '' ? 0 : Number(resourceVersion);
  // A limit with a revision and no word on how it is meant reads at exactly that revision.
  const exact = revision > 0 && (resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && limit > 0));
  return { selection, limit: Math.max(0, limit), continue: token, exactly: exact ? revision : undefined, notOlderThan: exact ? 0 : revision };
}
