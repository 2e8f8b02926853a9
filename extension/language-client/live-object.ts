/** Single objects, definitions and images of the cluster for the language server: out of what is followed already, else asked for. No `vscode` here. */
import type { V1CustomResourceDefinition, V1Node } from '../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import { hasReason } from '../../cluster-host/client/client.ts';
import { customResourceDefinitions, nodes } from '../../cluster-host/client/resources.ts';
import type { DefinitionsAnswer, LiveObjectAnswer, LiveObjectQuestion } from '../../language/messages.ts';
import type { Connection } from '../clusters/connection.ts';
import { isEstablished } from '../clusters/custom-resources.ts';
import { statusOf } from './live-objects.ts';

export async function liveObject(connection: Connection | undefined, question: LiveObjectQuestion): Promise<LiveObjectAnswer> {
  if (connection?.state.phase !== 'connected') return { connected: false };
  const { context } = connection;
  try {
    const resource = await connection.discovery.find(question.apiVersion, question.kind);
    const object = resource === undefined ? undefined : await read(connection, resource, question);
    return { connected: true, context, object: object ?? null, status: object === undefined ? '' : statusOf(question.kind, object) };
  } catch {
    // Refused, or away by now: nothing is said about the object.
    return { connected: true, context, status: '' };
  }
}

async function read(connection: Connection, resource: Resource, { name, namespace, labelSelector }: LiveObjectQuestion): Promise<KubeObject | undefined> {
  const inNamespace = resource.namespaced ? (namespace ?? connection.namespace) : undefined;
  const client = connection.client.resource(resource, inNamespace);
  if (name === undefined) return (await client.list({ limit: 1, ...(labelSelector === undefined ? {} : { labelSelector }) })).items[0];
  if (connection.loaded(resource)) return connection.lister(resource)?.get(inNamespace ?? '', name);
  return client.get(name).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  });
}

/** `known`: the version of the last answer. */
export async function liveDefinitions(connection: Connection | undefined, known: string): Promise<DefinitionsAnswer> {
  if (connection?.state.phase !== 'connected') return { connected: false };
  await connection.synced(customResourceDefinitions);
  const all: readonly V1CustomResourceDefinition[] = connection.lister(customResourceDefinitions)?.list() ?? [];
  const definitions = all.filter(isEstablished);
  const version = `${connection.context} ${definitions.map(({ metadata }) => metadata?.resourceVersion ?? '').toSorted().join(' ')}`;
  return { connected: true, context: connection.context, version, ...(version === known ? {} : { definitions }) };
}

/** Names of the images that the nodes have, without digests. */
export async function liveImages(connection: Connection | undefined): Promise<readonly string[]> {
  if (connection?.state.phase !== 'connected') return [];
  try {
    const { items } = await connection.client.resource<V1Node>(nodes).list();
    const names = items.flatMap(({ status }) => status?.images?.flatMap((image) => image.names ?? []) ?? []);
    return [...new Set(names.filter((name) => !name.includes('@')))].toSorted();
  } catch {
    return [];
  }
}
