/** Nodes of other extensions in the explorer. No `vscode` here. */
import type { Disposable } from '../../../cluster-host/platform/platform.ts';
import { apiVersionOf } from '../../../cluster-host/api/object.ts';
import type { KubeObject } from '../../../cluster-host/api/object.ts';
import { Signal } from '../../clusters/signal.ts';
import type { ExtraNode, ObjectNode } from './node.ts';

export interface ObjectIdentity {
  readonly context: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ContributedNode {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** A codicon's name, as `beaker`. */
  readonly icon?: string;
  /** A command of that extension, called with the object's `ObjectIdentity`. */
  readonly command?: string;
}

export interface Contribution {
  /** Of the objects that get nodes, as `Pod`. */
  readonly kind: string;
  /** Asked at each drawing, with the object as the API server gave it: has to be quick, and must not change it. */
  nodes(object: KubeObject, identity: ObjectIdentity): readonly ContributedNode[];
}

export class Contributions {
  readonly changed = new Signal();
  readonly #all = new Set<Contribution>();

  add(contribution: Contribution): Disposable {
    const own = { ...contribution, nodes: contribution.nodes.bind(contribution) };
    this.#all.add(own);
    this.changed.fire();
    return {
      dispose: () => {
        this.#all.delete(own);
        this.changed.fire();
      },
    };
  }

  has(kind: string): boolean {
    return [...this.#all].some((contribution) => contribution.kind === kind);
  }

  /** What is below an object besides our own. An extension that throws has none. */
  below(node: ObjectNode): readonly ExtraNode[] {
    const identity = identityOf(node);
    return [...this.#all].filter(({ kind }) => kind === node.resource.kind).flatMap((contribution, at) => nodesOf(contribution, node.object, identity).map((extra, index) => ({ type: 'extra' as const, id: `${node.id}/extra${at}.${index}`, context: node.context, parent: node, extra })));
  }
}

/** Names the object of a node to others. */
export function identityOf({ context, resource, object }: ObjectNode): ObjectIdentity {
  return { context, apiVersion: apiVersionOf(resource), kind: resource.kind, namespace: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
}

function nodesOf(contribution: Contribution, object: KubeObject, identity: ObjectIdentity): readonly ContributedNode[] {
  try {
    return contribution.nodes(object, identity);
  } catch (error) {
    console.error(error);
    return [];
  }
}
