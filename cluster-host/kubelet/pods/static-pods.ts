/**
 * Pods that the node runs because of files, and the mirror pods that show them to the API server
 * (kubernetes.io/docs/tasks/configure-pod-container/static-pod).
 */
import { parseAllDocuments } from 'yaml';
import type { V1Pod } from '../../api/generated/types.ts';
import { type Client, hasReason } from '../../client/client.ts';
import { pods } from '../../client/resources.ts';
import type { Disposable, Logger } from '../../platform/platform.ts';
import { hashAnnotation, mirrorAnnotation, nameOf, namespaceOf, sourceAnnotation } from './pod-facts.ts';

export interface StaticManifest {
  readonly path: string;
  readonly text: string;
}

/** Where manifests come from; `edges/static-folder.ts` reads a folder. */
export interface StaticFolder {
  /** Calls with all manifests, now and after each change. */
  watch(listener: (manifests: readonly StaticManifest[]) => void): Promise<Disposable>;
}

/** The pods of the manifests, as the node runs them; what is no pod is logged and left out. */
export function staticPods(manifests: readonly StaticManifest[], node: string, seenAt: string, log: Logger): readonly V1Pod[] {
  return manifests.flatMap(({ path, text }) =>
    parseAllDocuments(text).flatMap((document) => {
      const manifest: unknown = document.errors.length > 0 ? undefined : document.toJS();
      const pod = manifest as V1Pod | null | undefined;
      if (pod?.kind === 'Pod' && typeof pod.metadata?.name === 'string' && Array.isArray(pod.spec?.containers)) return [asStatic(pod, path, node, seenAt)];
      if (document.errors.length > 0 || pod !== null) log.warn('a file of the static pod folder holds no pod', { path, problem: document.errors[0]?.message });
      return [];
    }),
  );
}

function asStatic(pod: V1Pod, path: string, node: string, seenAt: string): V1Pod {
  const hash = hashOf(`${node}|${path}|${JSON.stringify(pod)}`);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name: `${pod.metadata?.name}-${node}`,
      namespace: pod.metadata?.namespace ?? 'default',
      uid: hash,
      creationTimestamp: seenAt,
      annotations: { ...pod.metadata?.annotations, [hashAnnotation]: hash, [sourceAnnotation]: 'file', 'kubernetes.io/config.seen': seenAt },
    },
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      ...pod.spec,
      containers: pod.spec?.containers ?? [],
      nodeName: node,
      tolerations: [...(pod.spec?.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {},
  };
}

/** 128 bits of FNV-1a over four seeds: a name, not a protection. */
function hashOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const part = (seed: number): string => {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, '0');
  };
  return [1, 2, 3, 4].map(part).join('');
}

/** The mirror pod of a static pod: made when it is missing, made anew when it is another's or on its way out. */
export async function ensureMirror(client: Client, pod: V1Pod, existing: V1Pod | undefined, nodeUid: string | undefined): Promise<void> {
  const resource = client.resource(pods, namespaceOf(pod));
  const hash = pod.metadata?.annotations?.[hashAnnotation] ?? '';
  if (existing !== undefined) {
    if (existing.metadata?.annotations?.[mirrorAnnotation] === hash && existing.metadata.deletionTimestamp === undefined) return;
    await removeMirror(client, existing);
  }
  const { uid: _uid, creationTimestamp: _at, ...metadata } = pod.metadata ?? {};
  const owner = nodeUid === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: pod.spec?.nodeName ?? '', uid: nodeUid, controller: true }] };
  try {
    await resource.create({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, annotations: { ...metadata.annotations, [mirrorAnnotation]: hash }, ...owner }, ...(pod.spec === undefined ? {} : { spec: pod.spec }) });
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
}

export async function removeMirror(client: Client, mirror: V1Pod): Promise<void> {
  try {
    const uid = mirror.metadata?.uid;
    await client.resource(pods, namespaceOf(mirror)).delete(nameOf(mirror), { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { preconditions: { uid } }) });
  } catch (error) {
    if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
  }
}
