/**
 * Node lifecycle (kubernetes.io/docs/concepts/architecture/nodes/#node-controller): a node that renews neither its lease nor its
 * status is unknown; taints say what is wrong with a node; pods on a node that is not ready are not ready.
 *
 * Times are this process' own: a node's clock may be wrong. What counts is when a change was seen.
 */
import type { V1Node } from '../../api/generated/types.ts';
import type { ControllerContext, ControllerDefinition, ReconcileResult, Reconciler } from '../../client/controller.ts';
import { leases, nodes, pods } from '../../client/resources.ts';
import { lostConditions, notReadyCondition, untilLost, wantedTaints } from './plan.ts';

const leaseNamespace = 'kube-node-lease';
const nodeIndex = 'node';

export const nodeLifecycleController: ControllerDefinition = {
  name: 'nodelifecycle',
  serviceAccount: 'node-controller',
  eventSource: 'node-controller',
  watches: [
    { resource: nodes },
    { resource: leases, scope: { namespace: leaseNamespace }, keys: ({ metadata }) => [metadata?.name ?? ''] },
    { resource: pods, keys: () => [] },
  ],
  start: (context) => new NodeLifecycle(context),
};

interface Heard {
  readonly sign: string;
  readonly at: number;
  readonly ready: string | undefined;
}

class NodeLifecycle implements Reconciler {
  readonly #context: ControllerContext;
  /** The last sign of life of each node, and when it was seen. */
  readonly #heard = new Map<string, Heard>();

  constructor(context: ControllerContext) {
    this.#context = context;
    context.informers.informer(pods).addIndex(nodeIndex, (pod) => [pod.spec?.nodeName ?? '']);
  }

  async reconcile(name: string): Promise<ReconcileResult | void> {
    const { informers, clock, client, events } = this.#context;
    let node = informers.informer(nodes).lister.get('', name);
    if (node === undefined) {
      if (this.#heard.delete(name)) events.event(nodeNamed(name), 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      return;
    }
    const known = this.#heard.get(name);
    if (known === undefined) events.event(about(node), 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    const heard = this.#listen(node, known);
    const wait = untilLost(node, heard.at, clock.now());
    const conditions = wait === 0 ? lostConditions(node, clock.now()) : undefined;
    if (conditions !== undefined) node = await client.resource(nodes).update({ ...node, status: { ...node.status, conditions } }, { subresource: 'status' });
    const taints = wantedTaints(node, clock.now());
    if (taints !== undefined) await client.resource(nodes).patch(name, { metadata: { resourceVersion: node.metadata?.resourceVersion }, spec: { taints } }, { type: 'merge' });

    const ready = readiness(node);
    this.#heard.set(name, { ...heard, ready });
    if (ready !== 'True' && (known?.ready === 'True' || known === undefined)) {
      if (known !== undefined) events.event(about(node), 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      await this.#markPodsNotReady(name);
    }
    return wait === 0 ? undefined : { after: wait };
  }

  #listen(node: V1Node, known: Heard | undefined): Heard {
    const name = node.metadata?.name ?? '';
    const lease = this.#context.informers.informer(leases, { namespace: leaseNamespace }).lister.get(leaseNamespace, name);
    const heartbeat = node.status?.conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime;
    const sign = `${lease?.spec?.renewTime} ${heartbeat}`;
    return known?.sign === sign ? known : { sign, at: this.#context.clock.now(), ready: known?.ready };
  }

  async #markPodsNotReady(node: string): Promise<void> {
    const { client, clock, events, informers } = this.#context;
    for (const pod of informers.informer(pods).lister.byIndex(nodeIndex, node)) {
      const condition = notReadyCondition(pod, clock.now());
      if (condition === undefined) continue;
      const { namespace, name = '', uid } = pod.metadata ?? {};
      await client.resource(pods, namespace).patch(name, { metadata: { uid }, status: { conditions: [condition] } }, { type: 'strategic', subresource: 'status' });
      events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }
}

function readiness(node: V1Node): string | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

/** Events about nodes name the node as their uid, as kubelets do. */
function about(node: V1Node) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: node.metadata?.name, uid: node.metadata?.uid } };
}

function nodeNamed(name: string) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name } };
}
