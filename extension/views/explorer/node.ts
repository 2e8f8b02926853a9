/** What the explorer is made of. A node knows its parent, so that a view can reveal it, and carries the object as it was when drawn. */
import type { V1Pod } from '../../../cluster-host/api/generated/types.ts';
import type { KubeObject, Resource } from '../../../cluster-host/api/object.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import type { ContributedNode } from './contributions.ts';
import type { GroupName } from './groups.ts';

interface Common {
  readonly id: string;
  /** Of the cluster that it belongs to. */
  readonly context: string;
  readonly parent: ExplorerNode | undefined;
}

/** A cluster, where several are shown. */
export interface ClusterNode extends Common {
  readonly type: 'cluster';
}

export interface GroupNode extends Common {
  readonly type: 'group';
  readonly group: GroupName;
  readonly namespace: string | undefined;
}

export interface ObjectNode extends Common {
  readonly type: 'object';
  readonly resource: Resource<any>;
  readonly object: KubeObject;
}

export interface ContainerNode extends Common {
  readonly type: 'container';
  readonly pod: V1Pod;
  readonly container: string;
}

export interface EndpointNode extends Common {
  readonly type: 'endpoint';
  readonly address: string;
  readonly ports: readonly string[];
  readonly ready: boolean;
  readonly pod: string | undefined;
}

/** What to do next, where there is nothing else to show. */
export interface HintNode extends Common {
  readonly type: 'hint';
}

/** Why the object above it is not healthy. */
export interface ProblemNode extends Common {
  readonly type: 'problem';
  readonly parent: ObjectNode;
  readonly finding: Finding;
}

/** Another extension's. */
export interface ExtraNode extends Common {
  readonly type: 'extra';
  readonly parent: ObjectNode;
  readonly extra: ContributedNode;
}

export type ExplorerNode = ClusterNode | ExtraNode | ProblemNode | GroupNode | ObjectNode | ContainerNode | EndpointNode | HintNode;

/** Where nodes hang: below another, or at the top of the only cluster that is shown. */
export type Place = Pick<ExplorerNode, 'id' | 'context'> & { readonly parent: ExplorerNode | undefined };

export function below(node: ExplorerNode): Place {
  return { id: node.id, context: node.context, parent: node };
}

export function objectNode(resource: Resource<any>, object: KubeObject, { id, context, parent }: Place): ObjectNode {
  return { type: 'object', id: `${id}/${resource.plural}:${object.metadata?.uid ?? object.metadata?.name ?? ''}`, context, parent, resource, object };
}

export function groupNode(group: GroupName, namespace: string | undefined, { id, context, parent }: Place): GroupNode {
  return { type: 'group', id: `${id}/${group}`, context, parent, group, namespace };
}
