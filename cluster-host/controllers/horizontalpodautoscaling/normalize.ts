/**
 * From the size that the metrics ask for to the size that is set: stabilization, scaling policies, the range
 * (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior). Pure; the history grows by
 * this recommendation.
 */
import type { V2HPAScalingRules, V2HorizontalPodAutoscalerBehavior } from '../../api/generated/types.ts';
import { changeWithin, type History, remember } from './history.ts';

export interface Wish {
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly behavior: V2HorizontalPodAutoscalerBehavior | undefined;
  readonly now: number;
}

interface Verdict {
  readonly reason: string;
  readonly message: string;
}

export interface Normalized {
  readonly replicas: number;
  readonly ableToScale: Verdict;
  readonly limited: Verdict & { readonly status: 'True' | 'False' };
}

/** Seconds; Kubernetes' default for what shrinks. */
const downscaleStabilization = 300;
const scaleUpFactor = 2;
const scaleUpMinimum = 4;

const readyForNewScale: Verdict = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const stabilizedUp: Verdict = { reason: 'ScaleUpStabilized', message: 'recent recommendations were lower than current one, applying the lowest recent recommendation' };
const stabilizedDown: Verdict = { reason: 'ScaleDownStabilized', message: 'recent recommendations were higher than current one, applying the highest recent recommendation' };
const tooMany: Verdict = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' };
const tooFew: Verdict = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' };
const tooFastUp: Verdict = { reason: 'ScaleUpLimit', message: 'the desired replica count is increasing faster than the maximum scale rate' };
const tooFastDown: Verdict = { reason: 'ScaleDownLimit', message: 'the desired replica count is decreasing faster than the maximum scale rate' };
const withinRange: Verdict = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };

export function normalize(wish: Wish, history: History): Normalized {
  const stabilized = stabilize(wish, history);
  const [replicas, verdict] = wish.behavior === undefined ? withinDefaults({ ...wish, desiredReplicas: stabilized }) : withinPolicies({ ...wish, desiredReplicas: stabilized }, wish.behavior, history);
  const holding = wish.behavior !== undefined && wish.desiredReplicas >= wish.currentReplicas ? stabilizedUp : stabilizedDown;
  return {
    replicas,
    ableToScale: stabilized === wish.desiredReplicas ? readyForNewScale : holding,
    limited: { ...verdict, status: replicas === stabilized ? 'False' : 'True' },
  };
}

function stabilize({ currentReplicas, desiredReplicas, behavior, now }: Wish, history: History): number {
  const [up, down] = behavior === undefined ? [0, downscaleStabilization] : [behavior.scaleUp?.stabilizationWindowSeconds ?? 0, behavior.scaleDown?.stabilizationWindowSeconds ?? downscaleStabilization];
  const recent = (seconds: number): number[] => history.recommendations.filter(({ time }) => time > now - seconds * 1000).map(({ value }) => value);
  const lowest = Math.min(desiredReplicas, ...recent(up));
  const highest = Math.max(desiredReplicas, ...recent(down));
  // Without a behaviour the highest recommendation holds, whichever way it goes; with one, the size stays while it is between the two.
  const stabilized = behavior === undefined ? highest : Math.min(Math.max(currentReplicas, lowest), highest);
  history.recommendations = remember(history.recommendations, desiredReplicas, now, Math.max(up, down) * 1000);
  return stabilized;
}

function withinDefaults({ currentReplicas, desiredReplicas, minReplicas, maxReplicas }: Wish): readonly [number, Verdict] {
  const limit = Math.max(scaleUpFactor * currentReplicas, scaleUpMinimum);
  if (desiredReplicas < minReplicas) return [minReplicas, tooFew];
  if (desiredReplicas > Math.min(maxReplicas, limit)) return maxReplicas > limit ? [limit, tooFastUp] : [maxReplicas, tooMany];
  return [desiredReplicas, withinRange];
}

function withinPolicies({ currentReplicas, desiredReplicas, minReplicas, maxReplicas, now }: Wish, behavior: V2HorizontalPodAutoscalerBehavior, history: History): readonly [number, Verdict] {
  if (desiredReplicas > currentReplicas) {
    const limit = Math.max(currentReplicas, scaleUpLimit(currentReplicas, behavior.scaleUp ?? {}, history, now));
    if (desiredReplicas > Math.min(maxReplicas, limit)) return maxReplicas > limit ? [limit, tooFastUp] : [maxReplicas, tooMany];
  } else if (desiredReplicas < currentReplicas) {
    const limit = Math.min(currentReplicas, scaleDownLimit(currentReplicas, behavior.scaleDown ?? {}, history, now));
    if (desiredReplicas < Math.max(minReplicas, limit)) return minReplicas < limit ? [limit, tooFastDown] : [minReplicas, tooFew];
  }
  return [desiredReplicas, withinRange];
}

/** Both ways count: what was added within a period is taken back from where it began, what was removed is added to it. */
function startOf(currentReplicas: number, history: History, seconds: number, now: number): number {
  return currentReplicas - changeWithin(history.ups, seconds, now) + changeWithin(history.downs, seconds, now);
}

function scaleUpLimit(currentReplicas: number, { policies = [], selectPolicy }: V2HPAScalingRules, history: History, now: number): number {
  if (selectPolicy === 'Disabled') return currentReplicas;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = startOf(currentReplicas, history, periodSeconds, now);
    // Rounded up, or a small fleet would never grow.
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

function scaleDownLimit(currentReplicas: number, { policies = [], selectPolicy }: V2HPAScalingRules, history: History, now: number): number {
  if (selectPolicy === 'Disabled') return currentReplicas;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = startOf(currentReplicas, history, periodSeconds, now);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** Notes a change of size, for as long as any policy looks back. */
export function noteScaled(history: History, from: number, to: number, behavior: V2HorizontalPodAutoscalerBehavior | undefined, now: number): void {
  if (behavior === undefined) return;
  const policies = [...(behavior.scaleUp?.policies ?? []), ...(behavior.scaleDown?.policies ?? [])];
  const keep = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds)) * 1000;
  if (to > from) history.ups = remember(history.ups, to - from, now, keep);
  else history.downs = remember(history.downs, from - to, now, keep);
}
