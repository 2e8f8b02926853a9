/**
 * HorizontalPodAutoscaler (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale): asks for the metrics of a target
 * every 15 seconds, and sets its scale.
 *
 * Recommendations and changes of size are remembered as long as their windows last, and not beyond a restart: as Kubernetes has it.
 */
import type { V1Scale, V2HorizontalPodAutoscaler, V2HorizontalPodAutoscalerStatus, V2MetricStatus } from '../../api/generated/types.ts';
import { keyOf } from '../../api/object.ts';
import { quantityMilliValue, quantityOf } from '../../api/quantity.ts';
import { matchesLabels } from '../../api/selectors/label-selector.ts';
import { parseSelector } from '../../api/selectors/label-selector-parser.ts';
import { timestamp } from '../../api/time.ts';
import type { ControllerContext, ControllerDefinition, Enqueue, ReconcileResult } from '../../client/controller.ts';
import type { Disposable } from '../../platform/platform.ts';
import { horizontalPodAutoscalers, pods } from '../../client/resources.ts';
import { equal } from '../common/equal.ts';
import { type Evaluation, evaluate, MetricError, type MetricOutcome, type ScaleTarget } from './evaluate.ts';
import { type History, newHistory } from './history.ts';
import { MetricsClient } from './metrics-client.ts';
import { normalize, noteScaled } from './normalize.ts';
import { ScaleTargets } from './targets.ts';

const syncPeriod = 15_000;
const usualTolerance = 0.1;

export const horizontalPodAutoscalerController: ControllerDefinition = {
  name: 'horizontal-pod-autoscaler',
  serviceAccount: 'horizontal-pod-autoscaler',
  eventSource: 'horizontal-pod-autoscaler',
  watches: [
    { resource: horizontalPodAutoscalers, keys: () => [] },
    { resource: pods, keys: () => [] },
  ],
  start: (context, enqueue) => new Autoscalers(context, enqueue),
};

/** What the metrics ask for, and the one that asks for most. */
interface Asked {
  readonly replicas: number;
  readonly name: string;
  readonly statuses: V2MetricStatus[];
}

type Verdict = readonly [type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited', status: 'True' | 'False', reason: string, message: string];

/** One look at one autoscaler: collects what its status will say. */
class Look {
  readonly autoscaler: V2HorizontalPodAutoscaler;
  readonly now: number;
  readonly conditions: NonNullable<V2HorizontalPodAutoscalerStatus['conditions']>;

  constructor(autoscaler: V2HorizontalPodAutoscaler, now: number) {
    this.autoscaler = autoscaler;
    this.now = now;
    this.conditions = (autoscaler.status?.conditions ?? []).map((condition) => ({ ...condition }));
  }

  say(...[type, status, reason, message]: Verdict): void {
    const known = this.conditions.find((condition) => condition.type === type);
    if (known === undefined) this.conditions.push({ type, status, reason, message, lastTransitionTime: timestamp(this.now) });
    else Object.assign(known, { ...(known.status === status ? {} : { lastTransitionTime: timestamp(this.now) }), status, reason, message });
  }

  status(currentReplicas: number | undefined, desiredReplicas: number, currentMetrics: V2MetricStatus[] | undefined, scaled: boolean): V2HorizontalPodAutoscalerStatus {
    const { observedGeneration: _, ...old } = this.autoscaler.status ?? { desiredReplicas: 0 };
    return {
      ...old,
      ...(currentReplicas === undefined ? {} : { currentReplicas }),
      desiredReplicas,
      ...(currentMetrics === undefined ? {} : { currentMetrics }),
      conditions: this.conditions,
      ...(scaled ? { lastScaleTime: timestamp(this.now) } : {}),
    };
  }
}

class Autoscalers {
  readonly #context: ControllerContext;
  readonly #targets: ScaleTargets;
  readonly #metrics: MetricsClient;
  readonly #histories = new Map<string, History>();
  /** The selector of each autoscaler's target. */
  readonly #selectors = new Map<string, string>();

  readonly #followed: Disposable;

  constructor(context: ControllerContext, enqueue: Enqueue) {
    this.#context = context;
    this.#targets = new ScaleTargets(context.client);
    this.#metrics = new MetricsClient(context.client);
    // A new one is looked at only after a period, when its target may have metrics; what it says of itself is no reason to look again.
    this.#followed = context.informers.informer(horizontalPodAutoscalers).onChange({
      added: (autoscaler) => enqueue(keyOf(autoscaler), syncPeriod),
      updated: (autoscaler, old) => void (equal(autoscaler.spec, old.spec) || enqueue(keyOf(autoscaler), syncPeriod)),
      deleted: (autoscaler) => enqueue(keyOf(autoscaler)),
    });
  }

  dispose(): void {
    this.#followed.dispose();
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const autoscaler = this.#context.informers.informer(horizontalPodAutoscalers).lister.get(namespace, name);
    if (autoscaler === undefined) {
      this.#histories.delete(key);
      this.#selectors.delete(key);
      return;
    }
    const status = await this.#look(new Look(autoscaler, this.#context.clock.now()), key);
    if (!equal(status, autoscaler.status)) await this.#write(autoscaler, status);
    return { after: syncPeriod };
  }

  async #look(look: Look, key: string): Promise<V2HorizontalPodAutoscalerStatus> {
    const { autoscaler, now } = look;
    const { events } = this.#context;
    const { scaleTargetRef, minReplicas = 1, maxReplicas, behavior } = autoscaler.spec;
    const namespace = autoscaler.metadata?.namespace ?? '';
    let found: Awaited<ReturnType<ScaleTargets['read']>>;
    try {
      found = await this.#targets.read(namespace, scaleTargetRef);
    } catch (error) {
      const { message } = error as Error;
      events.event(autoscaler, 'Warning', 'FailedGetScale', message);
      look.say('AbleToScale', 'False', 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${message}`);
      return look.status(undefined, autoscaler.status?.desiredReplicas ?? 0, undefined, false);
    }
    look.say('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
    const { scale, resource } = found;
    const current = scale.spec?.replicas ?? 0;
    const history = this.#historyOf(key, current, now);
    let desired: number;
    let reason: string;
    let metrics: V2MetricStatus[] = [];
    if (current === 0 && minReplicas !== 0) {
      look.say('ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero');
      return look.status(current, 0, metrics, false);
    }
    if (current > maxReplicas) [desired, reason] = [maxReplicas, 'Current number of replicas above Spec.MaxReplicas'];
    else if (current < minReplicas) [desired, reason] = [minReplicas, 'Current number of replicas below Spec.MinReplicas'];
    else {
      let asked: Asked;
      try {
        asked = await this.#ask(look, key, scale);
      } catch (error) {
        events.event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', (error as Error).message);
        return look.status(current, autoscaler.status?.desiredReplicas ?? 0, undefined, false);
      }
      metrics = asked.statuses;
      reason = asked.replicas > current ? `${asked.name} above target` : 'All metrics below target';
      const { replicas, ableToScale, limited } = normalize({ currentReplicas: current, desiredReplicas: asked.replicas, minReplicas, maxReplicas, behavior, now }, history);
      look.say('AbleToScale', 'True', ableToScale.reason, ableToScale.message);
      look.say('ScalingLimited', limited.status, limited.reason, limited.message);
      if (replicas === current) return look.status(current, current, metrics, false);
      desired = replicas;
    }
    try {
      await this.#targets.write(namespace, resource, { ...scale, spec: { ...scale.spec, replicas: desired } });
    } catch (error) {
      const { message } = error as Error;
      events.event(autoscaler, 'Warning', 'FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${message}`);
      look.say('AbleToScale', 'False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${message}`);
      return look.status(current, autoscaler.status?.desiredReplicas ?? 0, undefined, false);
    }
    look.say('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${desired}`);
    events.event(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    noteScaled(history, current, desired, behavior, now);
    return look.status(current, desired, metrics, true);
  }

  #historyOf(key: string, currentReplicas: number, now: number): History {
    const known = this.#histories.get(key) ?? newHistory(currentReplicas, now);
    this.#histories.set(key, known);
    return known;
  }

  /** The largest size that a metric asks for. Throws where none can be read, or where those that can would shrink what another might not. */
  async #ask(look: Look, key: string, scale: V1Scale): Promise<Asked> {
    const { spec } = look.autoscaler;
    const { metrics = [] } = spec;
    const target = this.#targetOf(look, key, scale);
    const tolerance = (text: string | undefined): number => (text === undefined ? usualTolerance : quantityMilliValue(quantityOf(text)) / 1000);
    const evaluation: Evaluation = {
      metrics: this.#metrics,
      target,
      tolerances: { scaleUp: tolerance(spec.behavior?.scaleUp?.tolerance), scaleDown: tolerance(spec.behavior?.scaleDown?.tolerance) },
      now: look.now,
      pluralOf: async (apiVersion, kind) => {
        const { plural, group } = await this.#targets.resourceOf(apiVersion, kind);
        return group === '' ? plural : `${plural}.${group}`;
      },
    };
    const outcomes: MetricOutcome[] = [];
    const failures: MetricError[] = [];
    for (const metric of metrics) {
      try {
        outcomes.push(await evaluate(metric, evaluation));
      } catch (error) {
        if (!(error instanceof MetricError)) throw error;
        this.#context.events.event(look.autoscaler, 'Warning', error.reason, error.text);
        failures.push(error);
      }
    }
    const [failure] = failures;
    const best = outcomes.reduce<MetricOutcome | undefined>((most, outcome) => (most === undefined || outcome.replicas > most.replicas ? outcome : most), undefined);
    if (failure !== undefined && (best === undefined || best.replicas < target.specReplicas)) {
      look.say('ScalingActive', 'False', failure.reason, `the HPA was unable to compute the replica count: ${failure.text}`);
      throw new Error(`invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${failure.message}`);
    }
    if (best === undefined) return { replicas: target.specReplicas, name: '', statuses: [] };
    look.say('ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${best.name}`);
    return { replicas: best.replicas, name: best.name, statuses: outcomes.map(({ status }) => status) };
  }

  #targetOf(look: Look, key: string, scale: V1Scale): ScaleTarget {
    const { autoscaler } = look;
    const refuse = (event: string, reason: string, message: string, condition = message): never => {
      this.#context.events.event(autoscaler, 'Warning', event, message);
      look.say('ScalingActive', 'False', reason, condition);
      throw new Error(message);
    };
    const selector = scale.status?.selector ?? '';
    if (selector === '') refuse('SelectorRequired', 'InvalidSelector', 'selector is required', "the HPA target's scale is missing a selector");
    const parsed = parseSelector(selector);
    if (!parsed.ok) return refuse('InvalidSelector', 'InvalidSelector', `couldn't convert selector into a corresponding internal selector object: ${parsed.error}`);
    this.#selectors.set(key, selector);
    const namespace = autoscaler.metadata?.namespace ?? '';
    const selected = this.#context.informers.informer(pods).lister.list(namespace).filter(({ metadata }) => matchesLabels(parsed.value, metadata?.labels));
    const others = this.#controlling(namespace, selected.map(({ metadata }) => metadata?.labels));
    if (others.length > 1) refuse('AmbiguousSelector', 'AmbiguousSelector', `pods by selector ${selector} are controlled by multiple HPAs: [${others.map((each) => each.replace('/', ' ')).map((each) => `{${each}}`).join(' ')}]`);
    return { namespace, specReplicas: scale.spec?.replicas ?? 0, statusReplicas: scale.status?.replicas ?? 0, selector, pods: selected };
  }

  /** The autoscalers whose targets have one of these pods. */
  #controlling(namespace: string, labels: readonly (Readonly<Record<string, string>> | undefined)[]): readonly string[] {
    return [...this.#selectors]
      .filter(([key, selector]) => {
        const parsed = parseSelector(selector);
        return key.startsWith(`${namespace}/`) && parsed.ok && labels.some((each) => matchesLabels(parsed.value, each));
      })
      .map(([key]) => key)
      .toSorted();
  }

  async #write(autoscaler: V2HorizontalPodAutoscaler, status: V2HorizontalPodAutoscalerStatus): Promise<void> {
    try {
      await this.#context.client.resource(horizontalPodAutoscalers, autoscaler.metadata?.namespace).update({ ...autoscaler, status }, { subresource: 'status' });
    } catch (error) {
      this.#context.events.event(autoscaler, 'Warning', 'FailedUpdateStatus', (error as Error).message);
      throw error;
    }
  }
}
