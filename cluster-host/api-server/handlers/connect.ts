/** Subresources whose answer is a stream: the connection goes to the handlers of `streams/`. */
import type { KubeObject } from '../../api/object.ts';
import { writeContextOf, type Handler } from './handler.ts';

/** Kinds of the options of streams, after the kind that is connected to; a log is only read. */
const optionKinds: Readonly<Record<string, string>> = { attach: 'AttachOptions', exec: 'ExecOptions', portforward: 'PortForwardOptions', proxy: 'ProxyOptions' };

export const connect: Handler = async (context, { registry, definition, namespace, name, subresource }) => {
  const { info, request } = context;
  // A proxied service or pod may be named with scheme and port.
  const [, bare = name] = subresource === 'proxy' ? (/^(?:https?:)?([^:]+)(?::[^:]*)?$/.exec(name) ?? []) : [];
  const { object } = await registry.get(namespace, bare);
  const optionKind = optionKinds[subresource];
  if (optionKind !== undefined) await registry.admitConnection(namespace, name, subresource, connectOptions(`${definition.kind}${optionKind}`, request.query, info.rest), writeContextOf(context, false));
  return { type: 'connect', target: { resource: definition.plural, subresource, namespace, name, object, rest: info.rest } };
};

function connectOptions(kind: string, query: URLSearchParams, rest: string): KubeObject {
  const options: KubeObject = { kind, apiVersion: 'v1' };
  if (kind.endsWith('ProxyOptions')) return rest === '' ? options : { ...options, path: rest };
  for (const name of ['stdin', 'stdout', 'stderr', 'tty']) if (query.has(name)) options[name] = !['false', '0'].includes(query.get(name) ?? '');
  if (query.has('container')) options['container'] = query.get('container');
  if (query.has('command')) options['command'] = query.getAll('command');
  if (query.has('ports')) options['ports'] = query.getAll('ports').flatMap((ports) => ports.split(',').map(Number));
  return options;
}
