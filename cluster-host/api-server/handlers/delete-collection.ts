/** DELETE of a collection: each object that the selectors choose. */
import { apiVersionOf } from '../../api/object.ts';
import { hasReason } from '../failure.ts';
import type { ObjectVersion } from '../registry/object-version.ts';
import { readDeleteOptions } from './delete.ts';
import { writeContextOf, type Handler } from './handler.ts';
import { pageOf } from './list.ts';
import { listOptionsOf } from './options.ts';

export const deleteCollection: Handler = async (context, target, services) => {
  const { registry, definition } = target;
  const selection = listOptionsOf(context.request.query, false);
  const options = await readDeleteOptions(context);
  const page = await pageOf(target, services, selection);
  const write = writeContextOf(context, (options.dryRun ?? []).length > 0);
  const one = async ({ object }: ObjectVersion): Promise<void> => {
    try {
      await registry.delete(object.metadata?.namespace ?? '', object.metadata?.name ?? '', options, write);
    } catch (error) {
      // Somebody else deleted it meanwhile.
      if (!hasReason(error, 'NotFound')) throw error;
    }
  };
  await Promise.all(page.items.map(one));
  return { type: 'list', list: { kind: `${definition.kind}List`, apiVersion: apiVersionOf(definition), metadata: { resourceVersion: String(page.revision) }, items: page.items } };
};
