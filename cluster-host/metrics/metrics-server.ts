/**
 * What metrics-server is in other clusters: usage of nodes and pods as `metrics.k8s.io/v1beta1` (kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline).
 *
 * Nothing is measured but when somebody asks; each node is asked itself. A node that does not answer is left out.
 */
import type { V1Node, V1Pod } from '../api/generated/types.ts';
import type { KindDefinition } from '../api/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Informer } from '../client/informer.ts';
import type { Clock, Logger } from '../platform/platform.ts';
import { nodeMetricsKind, podMetricsKind } from './kinds.ts';
import { nodeMetrics, type NodeUsage, podMetrics } from './objects.ts';

export interface MetricsSources {
  readonly nodes: Pick<Informer<V1Node>, 'lister'>;
  readonly pods: Pick<Informer<V1Pod>, 'lister'>;
  /** Undefined where no kubelet of that name runs. */
  usage(node: string): Promise<NodeUsage | undefined>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A kind and where its objects come from, as the API server takes them. */
export interface HostedKind {
  readonly definition: KindDefinition;
  readonly source: { find(namespace: string, name: string): Promise<KubeObject | undefined>; list(namespace: string): Promise<readonly KubeObject[]> };
}

/** `sources` is asked with each request; undefined while the cluster is still coming up: then nothing is known yet. */
export function metricsKinds(sources: () => MetricsSources | undefined): readonly HostedKind[] {
  return [
    {
      definition: nodeMetricsKind,
      source: {
        async find(_namespace, name) {
          const made = sources();
          const node = made?.nodes.lister.get('', name);
          return made === undefined || node === undefined ? undefined : (await ofNodes(made, [node]))[0];
        },
        async list() {
          const made = sources();
          return made === undefined ? [] : ofNodes(made, made.nodes.lister.list());
        },
      },
    },
    {
      definition: podMetricsKind,
      source: {
        async find(namespace, name) {
          const made = sources();
          const pod = made?.pods.lister.get(namespace, name);
          return made === undefined || pod === undefined ? undefined : (await ofPods(made, [pod]))[0];
        },
        async list(namespace) {
          const made = sources();
          return made === undefined ? [] : ofPods(made, namespace === '' ? made.pods.lister.list() : made.pods.lister.list(namespace));
        },
      },
    },
  ];
}

async function ofNodes(sources: MetricsSources, nodes: readonly V1Node[]): Promise<readonly KubeObject[]> {
  const usages = await usagesOf(sources, nodes.map(({ metadata }) => metadata?.name ?? ''));
  return nodes.flatMap((node) => {
    const usage = usages.get(node.metadata?.name ?? '');
    return usage === undefined ? [] : [nodeMetrics(node, usage, sources.clock.now())];
  });
}

async function ofPods(sources: MetricsSources, pods: readonly V1Pod[]): Promise<readonly KubeObject[]> {
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  const usages = await usagesOf(sources, running.map(({ spec }) => spec?.nodeName ?? ''));
  return running.flatMap((pod) => {
    const usage = usages.get(pod.spec?.nodeName ?? '');
    return (usage && podMetrics(pod, usage, sources.clock.now())) ?? [];
  });
}

/** Each node is asked once, all at the same time. */
async function usagesOf(sources: MetricsSources, names: readonly string[]): Promise<ReadonlyMap<string, NodeUsage>> {
  const asked = [...new Set(names)].map(async (name): Promise<[string, NodeUsage][]> => {
    try {
      const found = await sources.usage(name);
      return found === undefined ? [] : [[name, found]];
    } catch (error) {
      sources.log.warn('the usage of a node could not be measured', { node: name, error });
      return [];
    }
  });
  return new Map((await Promise.all(asked)).flat());
}
