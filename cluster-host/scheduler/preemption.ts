/**
 * Which pods would have to go so that a more important one fits (kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption).
 * Pure: names the victims, evicts nobody.
 */
import type { V1PodDisruptionBudget } from '../api/generated/types.ts';
import { matchesLabels, validSelectorOf } from '../api/selectors/label-selector.ts';
import { opinionsOn, refusalOf, withNode } from './cycle.ts';
import { countedReasons, type Failure } from './failure.ts';
import type { NodeInfo } from './node-info.ts';
import type { ClusterView, Plugin } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';

export interface PreemptionInput {
  readonly pod: PodInfo;
  readonly cluster: ClusterView;
  readonly plugins: readonly Plugin[];
  readonly failure: Failure;
  readonly budgets: readonly V1PodDisruptionBudget[];
}

export interface Candidate {
  readonly node: string;
  readonly victims: readonly PodInfo[];
  readonly violations: number;
}

/** A node with its victims, or why there is none. */
export type PreemptionResult = { readonly candidate: Candidate } | { readonly reason: string };

export function planPreemption(input: PreemptionInput): PreemptionResult {
  const { pod, cluster, failure } = input;
  if (pod.pod.spec?.preemptionPolicy === 'Never') return { reason: 'not eligible due to preemptionPolicy=Never.' };
  const nominated = cluster.nodes.get(pod.pod.status?.nominatedNodeName ?? '');
  const making = nominated !== undefined && [...nominated.pods.values()].some((other) => other.priority < pod.priority && other.pod.metadata?.deletionTimestamp !== undefined);
  if (making) return { reason: 'not eligible due to a terminating pod on the nominated node.' };

  const reasons: string[] = [];
  const candidates: Candidate[] = [];
  for (const [name, refusal] of failure.refusals) {
    const node = cluster.nodes.get(name);
    const candidate = refusal.unresolvable || node === undefined ? undefined : candidateOn(input, node);
    if (candidate !== undefined) candidates.push(candidate);
    else reasons.push(refusal.unresolvable ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod');
  }
  const candidate = best(candidates);
  return candidate === undefined ? { reason: `0/${failure.nodes} nodes are available: ${countedReasons(reasons)}.` } : { candidate };
}

/** The fewest and least important pods of the node without which the pod fits. */
function candidateOn({ pod, cluster, plugins, budgets }: PreemptionInput, node: NodeInfo): Candidate | undefined {
  const trial = node.copy();
  const lower = [...node.pods.values()].filter((other) => other.priority < pod.priority);
  if (lower.length === 0) return undefined;
  for (const other of lower) trial.remove(other.uid);
  const fits = (): boolean => refusalOf(opinionsOn(pod, withNode(cluster, trial), plugins), trial) === undefined;
  if (!fits()) return undefined;

  const { violating, others } = byBudget(lower.toSorted(moreImportant), budgets);
  const victims: PodInfo[] = [];
  /** Gives the pod its place back if there is room for both. */
  const isVictim = (other: PodInfo): boolean => {
    trial.add(other);
    if (fits()) return false;
    trial.remove(other.uid);
    victims.push(other);
    return true;
  };
  const violations = violating.filter(isVictim).length;
  for (const other of others) isVictim(other);
  return { node: node.name, victims, violations };
}

/** Sets apart the pods whose eviction would break a disruption budget, given what each budget still allows. */
function byBudget(pods: readonly PodInfo[], budgets: readonly V1PodDisruptionBudget[]): { violating: PodInfo[]; others: PodInfo[] } {
  const left = budgets.map((budget) => ({ budget, selector: validSelectorOf(budget.spec?.selector), allowed: budget.status?.disruptionsAllowed ?? 0 }));
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    const concerned = left.filter(({ budget, selector }) => budget.metadata?.namespace === pod.namespace && matchesLabels(selector, pod.labels) && budget.status?.disruptedPods?.[pod.pod.metadata?.name ?? ''] === undefined);
    for (const one of concerned) one.allowed -= 1;
    (concerned.some(({ allowed }) => allowed < 0) ? violating : others).push(pod);
  }
  return { violating, others };
}

function startOf(pod: PodInfo): string {
  return pod.pod.status?.startTime ?? '9999';
}

/** Higher priority first; of equals, what runs longest. */
function moreImportant(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || (startOf(a) < startOf(b) ? -1 : 1);
}

/** Fewest broken budgets, then the least important victims, then the fewest, then those that started last. */
function best(candidates: readonly Candidate[]): Candidate | undefined {
  const rank = ({ victims, violations }: Candidate): readonly number[] => {
    const priorities = victims.map(({ priority }) => priority);
    const highest = Math.max(...priorities);
    const earliest = Math.min(...victims.filter(({ priority }) => priority === highest).map((victim) => Date.parse(startOf(victim))));
    // Priorities may be negative: moved above zero, more victims always weigh more.
    return [violations, highest, priorities.reduce((sum, priority) => sum + priority + 2 ** 31, 0), victims.length, -earliest];
  };
  const ranked = candidates.map((candidate) => ({ candidate, rank: rank(candidate) }));
  const compare = (a: readonly number[], b: readonly number[]): number => a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return ranked.toSorted((a, b) => compare(a.rank, b.rank))[0]?.candidate;
}
