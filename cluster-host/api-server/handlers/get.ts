/** GET of one object, or of its `status`, which shows the whole object. */
import type { Handler } from './handler.ts';

export const get: Handler = async (_context, { registry, namespace, name }) => ({ type: 'object', status: 200, object: await registry.get(namespace, name) });
