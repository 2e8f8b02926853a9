/** Subresources whose answer is a stream: the connection goes to the handlers of `streams/`. */
import type { Handler } from './handler.ts';

export const connect: Handler = async ({ info }, { registry, definition, namespace, name, subresource }) => {
  // A proxied service or pod may be named with scheme and port.
  const [, bare = name] = subresource === 'proxy' ? (/^(?:https?:)?([^:]+)(?::[^:]*)?$/.exec(name) ?? []) : [];
  const { object } = await registry.get(namespace, bare);
  return { type: 'connect', target: { resource: definition.plural, subresource, namespace, name, object, rest: info.rest } };
};
