/** What each metric of an autoscaler asks for, with the status that shows it; errors are worded and named as Kubernetes does. */
import type { V1LabelSelector, V1Pod, V2MetricSpec, V2MetricStatus, V2MetricTarget, V2MetricValueStatus } from '../../api/generated/types.ts';
import { formatQuantity, quantityFromMilli, quantityMilliValue, quantityOf } from '../../api/quantity.ts';
import { formatSelector, validSelectorOf } from '../../api/selectors/label-selector.ts';
import { goJson } from '../../api/text.ts';
import type { MetricsClient } from './metrics-client.ts';
import { type Fleet, type Proposal, replicasForAverage, replicasForShare, replicasForUtilization, replicasForValue, type PodMetrics, type Tolerances } from './replica-count.ts';
import { requestsOf } from './requests.ts';

export interface ScaleTarget {
  readonly namespace: string;
  readonly specReplicas: number;
  readonly statusReplicas: number;
  /** The target's selector as text, and the pods that it selects. */
  readonly selector: string;
  readonly pods: readonly V1Pod[];
}

export interface Evaluation {
  readonly metrics: MetricsClient;
  readonly target: ScaleTarget;
  readonly tolerances: Tolerances;
  readonly now: number;
  /** `ingresses.networking.k8s.io` of a kind; rejects where there is none. */
  pluralOf(apiVersion: string | undefined, kind: string): Promise<string>;
}

export interface MetricOutcome {
  readonly replicas: number;
  /** As the reason of a rescale names the metric. */
  readonly name: string;
  readonly status: V2MetricStatus;
}

/** Why a metric could not be read. */
export class MetricError extends Error {
  /** `FailedGetResourceMetric`, … */
  readonly reason: string;
  /** What the event and the condition say; the message has more around it. */
  readonly text: string;
  constructor(reason: string, text: string, context: string) {
    super(`${context}${text}`);
    this.reason = reason;
    this.text = text;
  }
}

export async function evaluate(spec: V2MetricSpec, evaluation: Evaluation): Promise<MetricOutcome> {
  const { type, resource, containerResource, pods, object, external } = spec;
  if (type === 'Resource' && resource !== undefined) {
    return named('FailedGetResourceMetric', `failed to get ${resource.name} resource metric value: `, async () => {
      const { current, ...found } = await ofResource(evaluation, resource.name, resource.target, undefined);
      return { ...found, status: { type, resource: { name: resource.name, current } } };
    });
  }
  if (type === 'ContainerResource' && containerResource !== undefined) {
    const { name, container, target } = containerResource;
    return named('FailedGetContainerResourceMetric', `failed to get ${container} container metric value: `, async () => {
      const { current, ...found } = await ofResource(evaluation, name, target, container);
      return { ...found, status: { type, containerResource: { name, container, current } } };
    });
  }
  if (type === 'Pods' && pods !== undefined) {
    return named('FailedGetPodsMetric', 'failed to get pods metric value: ', async () => {
      const { replicas, value } = await ofPods(evaluation, pods.metric.name, pods.metric.selector, pods.target);
      return { replicas, name: `pods metric ${pods.metric.name}`, status: { type, pods: { metric: pods.metric, current: { averageValue: quantity(value) } } } };
    });
  }
  if (type === 'Object' && object !== undefined) {
    return named('FailedGetObjectMetric', 'failed to get object metric value: ', async () => {
      const { metric, describedObject } = object;
      const { replicas, current } = await ofObject(evaluation, object);
      const name = object.target.type === 'AverageValue' ? `external metric ${metric.name}(${selectorText(metric.selector)})` : `${describedObject.kind} metric ${metric.name}`;
      return { replicas, name, status: { type, object: { metric, describedObject, current } } };
    });
  }
  if (type === 'External' && external !== undefined) {
    return named('FailedGetExternalMetric', `failed to get ${external.metric.name} external metric value: `, async () => {
      const { replicas, current } = await ofExternal(evaluation, external.metric.name, external.metric.selector, external.target);
      return { replicas, name: `external metric ${external.metric.name}(${selectorText(external.metric.selector)})`, status: { type, external: { metric: external.metric, current } } };
    });
  }
  const text = `unknown metric source type ${goJson(type)}`;
  throw new MetricError('InvalidMetricSourceType', text, '');
}

async function named<T>(reason: string, context: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new MetricError(reason, (error as Error).message, context);
  }
}

/** Runs a step; a rejection is told after what was being done. */
async function during<T>(what: string, work: () => Promise<T> | T, separator = ': '): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${what}${separator}${(error as Error).message}`, { cause: error });
  }
}

function fleetOf({ target, tolerances, now }: Evaluation, metrics: PodMetrics): Fleet {
  return { pods: target.pods, metrics, currentReplicas: target.specReplicas, tolerances, now };
}

async function ofResource(evaluation: Evaluation, resource: string, { averageValue, averageUtilization }: V2MetricTarget, container: string | undefined) {
  const { namespace, selector, pods } = evaluation.target;
  const read = () => during(`unable to get metrics for resource ${resource}`, () => evaluation.metrics.resource(resource, namespace, selector, container));
  if (averageValue !== undefined) {
    return during(`failed to get ${resource} usage`, async () => {
      const metrics = await read();
      checkPods(pods);
      const { replicas, value } = replicasForAverage(fleetOf(evaluation, metrics), milli(averageValue), resource === 'cpu');
      return { replicas, name: `${resource} resource`, current: { averageValue: quantity(value) } satisfies V2MetricValueStatus };
    });
  }
  if (averageUtilization === undefined) throw new Error('invalid resource metric source: neither an average utilization target nor an average value (usage) target was set');
  return during(`failed to get ${resource} utilization`, async () => {
    const metrics = await read();
    checkPods(pods);
    const { replicas, value, utilization } = replicasForUtilization(fleetOf(evaluation, metrics), requestsOf(pods, resource, container), averageUtilization, resource === 'cpu');
    const name = `${resource} ${container === undefined ? '' : 'container '}resource utilization (percentage of request)`;
    return { replicas, name, current: { averageUtilization: utilization, averageValue: quantity(value) } as V2MetricValueStatus };
  });
}

async function ofPods(evaluation: Evaluation, metric: string, metricSelector: V1LabelSelector | undefined, { averageValue }: V2MetricTarget): Promise<Proposal> {
  const { namespace, selector, pods } = evaluation.target;
  const metrics = await during(`unable to get metric ${metric}`, () => evaluation.metrics.pods(metric, namespace, selector, selectorOfMetric(metricSelector)));
  checkPods(pods);
  return replicasForAverage(fleetOf(evaluation, metrics), milli(averageValue), false);
}

async function ofObject(evaluation: Evaluation, { metric, describedObject, target }: NonNullable<V2MetricSpec['object']>): Promise<{ readonly replicas: number; readonly current: V2MetricValueStatus }> {
  const { namespace, specReplicas, statusReplicas } = evaluation.target;
  const { kind, name } = describedObject;
  const read = () =>
    during(
      `unable to get metric ${metric.name}: ${kind} on ${namespace} ${name}`,
      async () => evaluation.metrics.object(metric.name, namespace, describedObject, await evaluation.pluralOf(describedObject.apiVersion, kind), selectorOfMetric(metric.selector)),
      '/',
    );
  if (target.type === 'Value' && target.value !== undefined) {
    return during(`failed to get ${metric.name} object metric`, async () => {
      const { replicas, value } = replicasForValue({ ...fleetOf(evaluation, new Map()), currentReplicas: specReplicas }, await read(), milli(target.value));
      return { replicas, current: { value: quantity(value) } };
    });
  }
  if (target.type === 'AverageValue' && target.averageValue !== undefined) {
    return during(`failed to get ${metric.name} object metric`, async () => {
      const { replicas, value } = replicasForShare(await read(), milli(target.averageValue), statusReplicas, evaluation.tolerances);
      return { replicas, current: { averageValue: quantity(value) } };
    });
  }
  throw new Error('invalid object metric source: neither a value target nor an average value target was set');
}

async function ofExternal(evaluation: Evaluation, metric: string, metricSelector: V1LabelSelector | undefined, target: V2MetricTarget): Promise<{ readonly replicas: number; readonly current: V2MetricValueStatus }> {
  const { namespace, statusReplicas } = evaluation.target;
  const read = () =>
    during(`unable to get external metric ${namespace}/${metric}/${selectorText(metricSelector)}`, async () => {
      const values = await evaluation.metrics.external(metric, namespace, selectorOfMetric(metricSelector));
      return values.reduce((sum, value) => sum + value, 0);
    });
  if (target.averageValue !== undefined) {
    return during(`failed to get ${metric} external metric`, async () => {
      const { replicas, value } = replicasForShare(await read(), milli(target.averageValue), statusReplicas, evaluation.tolerances);
      return { replicas, current: { averageValue: quantity(value) } };
    });
  }
  if (target.value === undefined) throw new Error('invalid external metric source: neither a value target nor an average value target was set');
  return during(`failed to get external metric ${metric}`, async () => {
    const { replicas, value } = replicasForValue(fleetOf(evaluation, new Map()), await read(), milli(target.value));
    return { replicas, current: { value: quantity(value) } };
  });
}

function checkPods(pods: readonly V1Pod[]): void {
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count');
}

function selectorOfMetric(selector: V1LabelSelector | undefined): string {
  return selector === undefined ? '' : formatSelector(validSelectorOf(selector));
}

/** A selector as Go prints a pointer to one. */
function selectorText(selector: V1LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.map(([key, value]) => `${key}: ${value},`).join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.map((each) => `${each},`).join('')}},}`;
}

function milli(text: string | undefined): number {
  return quantityMilliValue(quantityOf(text));
}

function quantity(thousandths: number): string {
  return formatQuantity(quantityFromMilli(thousandths));
}
