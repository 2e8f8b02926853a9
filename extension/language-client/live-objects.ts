/** Answers the language server's questions about the cluster. No `vscode` here. */
import type { KubeObject, Resource } from '../../cluster-host/api/object.ts';
import type { LiveObject, LiveObjectsAnswer, LiveObjectsQuery } from '../../language/messages.ts';
import type { Connection } from '../clusters/connection.ts';
import { t } from '../l10n.ts';
import { podState } from '../views/pod-state.ts';

export type LinkOf = (context: string, resource: Resource, object: KubeObject) => string;

/** `linkOf` gives the address under which the editor opens a live object. */
export async function liveObjects(connection: Connection | undefined, query: LiveObjectsQuery, linkOf: LinkOf): Promise<LiveObjectsAnswer> {
  if (connection?.state.phase !== 'connected') return { connected: false };
  const none: LiveObjectsAnswer = { connected: true, context: connection.context, objects: [], more: 0 };
  try {
    const resource = await connection.discovery.find(query.apiVersion, query.kind);
    if (resource === undefined) return none;
    const namespace = !resource.namespaced || query.allNamespaces === true ? undefined : (query.namespace ?? connection.namespace);
    const list = await connection.client.resource(resource, namespace).list({
      limit: query.limit,
      ...(query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector }),
    });
    const objects = list.items.map((object) => ({ ...liveObject(object, query), link: linkOf(connection.context, resource, object) }));
    return { ...none, objects, more: list.metadata.remainingItemCount ?? 0 };
  } catch {
    // A hover shows what it can; that the cluster refuses or is away is the cluster view's to tell.
    return none;
  }
}

function liveObject(object: KubeObject, { apiVersion, kind }: LiveObjectsQuery): LiveObject {
  const { name = '', namespace, labels = {} } = object.metadata ?? {};
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }), labels, status: statusOf(kind, object) };
}

/** One or two words as kubectl shows them. */
export function statusOf(kind: string, object: KubeObject): string {
  if (kind === 'Pod') return podState(object).status;
  const wanted: unknown = object['spec']?.replicas;
  return typeof wanted === 'number' ? t('{0}/{1} ready', object['status']?.readyReplicas ?? 0, wanted) : (object['status']?.phase ?? '');
}
