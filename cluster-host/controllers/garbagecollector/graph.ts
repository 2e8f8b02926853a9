/** Who depends on whom: every object of the cluster by uid, and the dependents of each owner. Pure. */
import type { V1OwnerReference } from '../../api/generated/types.ts';
import type { KubeObject, Resource } from '../../api/object.ts';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface GraphNode {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly V1OwnerReference[];
  readonly dying: boolean;
  /** Waits until its dependents are gone. */
  readonly foreground: boolean;
  /** Waits until its dependents are let go. */
  readonly orphaning: boolean;
}

export function graphNodeOf(resource: Resource, { metadata }: KubeObject): GraphNode {
  const dying = metadata?.deletionTimestamp !== undefined;
  const finalizers = metadata?.finalizers ?? [];
  return {
    resource,
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    owners: metadata?.ownerReferences ?? [],
    dying,
    foreground: dying && finalizers.includes(foregroundFinalizer),
    orphaning: dying && finalizers.includes(orphanFinalizer),
  };
}

export class Graph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? []);
  }

  /** Dependents that must be gone before the owner may go. */
  blocking(uid: string): readonly GraphNode[] {
    return this.dependentsOf(uid).filter(({ owners }) => owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true));
  }

  /** Returns what was known before. */
  put(node: GraphNode): GraphNode | undefined {
    const old = this.#nodes.get(node.uid);
    if (old !== undefined) this.#unlink(old);
    this.#nodes.set(node.uid, node);
    for (const { uid } of node.owners) {
      const dependents = this.#dependents.get(uid) ?? new Set<string>();
      this.#dependents.set(uid, dependents.add(node.uid));
    }
    return old;
  }

  remove(uid: string): GraphNode | undefined {
    const node = this.#nodes.get(uid);
    if (node === undefined) return undefined;
    this.#unlink(node);
    this.#nodes.delete(uid);
    return node;
  }

  #unlink(node: GraphNode): void {
    for (const { uid } of node.owners) {
      const dependents = this.#dependents.get(uid);
      dependents?.delete(node.uid);
      if (dependents?.size === 0) this.#dependents.delete(uid);
    }
  }
}
