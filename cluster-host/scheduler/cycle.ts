/** One scheduling cycle: filter nodes, score what is left, take the best. Pure but for the draw among equals. */
import type { Random } from '../platform/platform.ts';
import type { Failure } from './failure.ts';
import type { NodeInfo } from './node-info.ts';
import type { ClusterView, Plugin, PluginOpinion, Refusal } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';

export interface CycleInput {
  readonly pod: PodInfo;
  readonly cluster: ClusterView;
  readonly plugins: readonly Plugin[];
  /** Pods that wait for room on a node that preemption makes for them. */
  readonly nominated: (node: string) => readonly PodInfo[];
  /** Where to start looking: so that each node gets its turn in a large cluster. */
  readonly start: number;
  readonly random: Random;
}

export type CycleResult = { readonly node: string; readonly examined: number } | { readonly failure: Failure };

/** A plugin's opinion under the plugin's name. */
interface Opinion extends PluginOpinion {
  readonly plugin: Plugin;
}

export function findNode(input: CycleInput): CycleResult {
  const { pod, cluster, plugins, random } = input;
  const nodes = [...cluster.nodes.values()];
  const opinions = opinionsOn(pod, cluster, plugins);
  const refused = opinions.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal !== undefined) {
    const refusals = new Map(nodes.map(({ name }) => [name, refused.refusal as Refusal]));
    return { failure: { nodes: nodes.length, pod: refused.refusal, refusals, plugins: new Set([refused.plugin.name]) } };
  }
  const { worthALook, refusals: elsewhere, refusing: narrowing } = narrowed(nodes, opinions);
  const { feasible, examined, refusals: found, refusing } = feasibleNodes(input, worthALook, opinions);
  const refusals = new Map([...elsewhere, ...found]);
  const [only] = feasible;
  if (only === undefined) return { failure: { nodes: nodes.length, refusals, plugins: refusing.union(narrowing) } };
  return { node: (feasible.length === 1 ? only : best(feasible, opinions, random)).name, examined };
}

/** Leaves out the nodes that a plugin knows beforehand to be none of the pod's. */
function narrowed(nodes: readonly NodeInfo[], opinions: readonly Opinion[]) {
  const narrowing = opinions.filter(({ only }) => only !== undefined);
  const worthALook = nodes.filter(({ name }) => narrowing.every(({ only }) => only?.has(name) === true));
  const names = new Set(narrowing.map(({ plugin }) => plugin.name));
  const refusal: Refusal = { reasons: [`node(s) didn't satisfy plugin(s) [${[...names].toSorted().join(' ')}]`], unresolvable: true };
  const refusals = nodes.filter((node) => !worthALook.includes(node)).map(({ name }) => [name, refusal] as const);
  return { worthALook, refusals: narrowing.length === 0 ? [] : refusals, refusing: names };
}

export function opinionsOn(pod: PodInfo, cluster: ClusterView, plugins: readonly Plugin[]): readonly Opinion[] {
  return plugins.flatMap((plugin) => {
    const opinion = plugin.look(pod, cluster);
    return opinion === undefined ? [] : [{ ...opinion, plugin }];
  });
}

/** The first plugin's refusal, in the order of the table. */
export function refusalOf(opinions: readonly Opinion[], node: NodeInfo): { readonly refusal: Refusal; readonly plugin: string } | undefined {
  for (const { filter, plugin } of opinions) {
    const refusal = filter?.(node);
    if (refusal !== undefined) return { refusal, plugin: plugin.name };
  }
  return undefined;
}

/** In a large cluster enough nodes are enough: the share that Kubernetes looks for. */
function enough(nodes: number): number {
  if (nodes < 100) return nodes;
  const percentage = Math.max(5, 50 - Math.trunc(nodes / 125));
  return Math.max(100, Math.trunc((nodes * percentage) / 100));
}

function feasibleNodes(input: CycleInput, nodes: readonly NodeInfo[], opinions: readonly Opinion[]) {
  const feasible: NodeInfo[] = [];
  const refusals = new Map<string, Refusal>();
  const refusing = new Set<string>();
  const wanted = enough(nodes.length);
  let examined = 0;
  while (examined < nodes.length && feasible.length < wanted) {
    const node = nodes[(input.start + examined) % nodes.length] as NodeInfo;
    examined += 1;
    const found = refusalOf(opinions, node) ?? refusalWithNominated(input, node);
    if (found === undefined) {
      feasible.push(node);
    } else {
      refusals.set(node.name, found.refusal);
      refusing.add(found.plugin);
    }
  }
  return { feasible, examined, refusals, refusing };
}

/** Room that was made for a pod of the same or a higher priority is not given away. */
function refusalWithNominated({ pod, cluster, plugins, nominated }: CycleInput, node: NodeInfo): ReturnType<typeof refusalOf> {
  const before = nominated(node.name).filter((other) => other.priority >= pod.priority && other.uid !== pod.uid);
  if (before.length === 0) return undefined;
  const crowded = node.copy();
  for (const other of before) crowded.add(other);
  return refusalOf(opinionsOn(pod, withNode(cluster, crowded), plugins), crowded);
}

/** The same cluster with one node as it might be. */
export function withNode(cluster: ClusterView, node: NodeInfo): ClusterView {
  const nodes = new Map(cluster.nodes).set(node.name, node);
  return {
    nodes,
    namespace: (name) => cluster.namespace(name),
    claim: (namespace, name) => cluster.claim(namespace, name),
    volume: (name) => cluster.volume(name),
    volumes: () => cluster.volumes(),
    storageClass: (name) => cluster.storageClass(name),
    siblings: (pod) => cluster.siblings(pod),
  };
}

function best(feasible: readonly NodeInfo[], opinions: readonly Opinion[], random: Random): NodeInfo {
  const totals = feasible.map(() => 0);
  for (const { score, normalize, plugin } of opinions) {
    if (score === undefined) continue;
    const raw = feasible.map((node) => score(node));
    const scores = normalize?.(raw) ?? raw;
    for (const [index, value] of scores.entries()) totals[index] = (totals[index] ?? 0) + value * (plugin.weight ?? 1);
  }
  const most = Math.max(...totals);
  const equals = feasible.filter((_, index) => totals[index] === most);
  return equals[Math.trunc(random.float() * equals.length)] as NodeInfo;
}
