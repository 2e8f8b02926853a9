/** Horizontal pod autoscalers (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/). */
import { forbidden, invalid, notSupported, required } from '../field-errors.ts';
import type { V2CrossVersionObjectReference, V2HPAScalingPolicy, V2HPAScalingRules, V2HorizontalPodAutoscalerSpec, V2MetricIdentifier, V2MetricSpec, V2MetricTarget } from '../generated/types.ts';
import { checkPathSegment } from '../names.ts';
import { quantityOf } from '../quantity.ts';
import type { Errors } from './errors.ts';
import { dnsLabel, invalidFor, optionalOneOf } from './errors.ts';
import { validateContainerResourceName } from './resources.ts';

const maxStabilizationSeconds = 3600;
const maxPeriodSeconds = 1800;
const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

export function* validateAutoscalerSpec(spec: V2HorizontalPodAutoscalerSpec): Errors {
  const { minReplicas, maxReplicas = 0, metrics = [] } = spec;
  if (minReplicas !== undefined && minReplicas < 1) yield invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) yield invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas) yield invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  yield* validateReference(spec.scaleTargetRef, 'spec.scaleTargetRef');
  for (const [index, metric] of metrics.entries()) yield* validateMetric(metric, `spec.metrics[${index}]`);
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    yield forbidden('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas');
  }
  for (const name of ['scaleUp', 'scaleDown'] as const) yield* validateRules(spec.behavior?.[name], `spec.behavior.${name}`);
}

function* pathSegment(field: string, value: string | undefined, detail = ''): Errors {
  if (value) yield* invalidFor(field, value, checkPathSegment(value));
  else yield required(field, detail);
}

function* validateReference(reference: V2CrossVersionObjectReference | undefined, field: string): Errors {
  yield* pathSegment(`${field}.kind`, reference?.kind);
  yield* pathSegment(`${field}.name`, reference?.name);
}

function* validateRules(rules: V2HPAScalingRules | undefined, field: string): Errors {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, policies = [] } = rules;
  if (window !== undefined && window < 0) yield invalid(`${field}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero');
  if (window !== undefined && window > maxStabilizationSeconds) {
    yield invalid(`${field}.stabilizationWindowSeconds`, window, `must be less than or equal to ${maxStabilizationSeconds}`);
  }
  yield* optionalOneOf(`${field}.selectPolicy`, rules.selectPolicy, ['Disabled', 'Max', 'Min']);
  if (policies.length === 0) yield required(`${field}.policies`, 'must specify at least one Policy');
  for (const [index, policy] of policies.entries()) yield* validatePolicy(policy, `${field}.policies[${index}]`);
  if (rules.tolerance !== undefined && quantityOf(rules.tolerance).nanos < 0n) yield invalid(`${field}.tolerance`, rules.tolerance, 'must be greater than or equal to 0');
}

function* validatePolicy({ type, value = 0, periodSeconds = 0 }: V2HPAScalingPolicy, field: string): Errors {
  if (type !== 'Pods' && type !== 'Percent') yield notSupported(`${field}.type`, type ?? '', ['Percent', 'Pods']);
  if (value <= 0) yield invalid(`${field}.value`, value, 'must be greater than zero');
  if (periodSeconds <= 0) yield invalid(`${field}.periodSeconds`, periodSeconds, 'must be greater than zero');
  if (periodSeconds > maxPeriodSeconds) yield invalid(`${field}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`);
}

/** The field of each type of metric, in the order in which the first that is given is checked. */
const sources: readonly { readonly type: string; readonly name: 'object' | 'external' | 'pods' | 'resource' | 'containerResource'; validate(source: any, field: string): Errors }[] = [
  { type: 'Object', name: 'object', validate: validateObject },
  { type: 'External', name: 'external', validate: validateExternal },
  { type: 'Pods', name: 'pods', validate: validatePods },
  { type: 'Resource', name: 'resource', validate: validateResource },
  { type: 'ContainerResource', name: 'containerResource', validate: validateContainerResource },
];

function* validateMetric(metric: V2MetricSpec, field: string): Errors {
  const type = metric.type ?? '';
  if (type === '') yield required(`${field}.type`, 'must specify a metric source type');
  if (!metricTypes.includes(type)) yield notSupported(`${field}.type`, type, metricTypes);
  const given = sources.filter(({ name }) => metric[name]);
  const [first] = given;
  if (first) yield* first.validate(metric[first.name], `${field}.${first.name}`);
  const expected = sources.find((source) => source.type === type);
  if (expected === undefined) yield notSupported(`${field}.type`, type, metricTypes);
  else if (!metric[expected.name]) yield required(`${field}.${expected.name}`, 'must populate information for the given metric source');
  if (given.length === 1) return;
  for (const { name } of given) if (name !== expected?.name) yield forbidden(`${field}.${name}`, 'must populate the given metric source only');
}

interface Source {
  readonly name?: string;
  readonly container?: string;
  readonly describedObject?: V2CrossVersionObjectReference;
  readonly metric?: V2MetricIdentifier;
  readonly target?: V2MetricTarget;
}

function* validateIdentifierAndTarget({ metric, target }: Source, field: string): Errors {
  yield* pathSegment(`${field}.metric.name`, metric?.name, 'must specify a metric name');
  yield* validateTarget(target ?? { type: '' }, `${field}.target`);
}

function* validateObject(source: Source, field: string): Errors {
  yield* validateReference(source.describedObject, `${field}.describedObject`);
  yield* validateIdentifierAndTarget(source, field);
  if (source.target?.value === undefined && source.target?.averageValue === undefined) {
    yield required(`${field}.target.averageValue`, 'must set either a target value or averageValue');
  }
}

function* validateExternal(source: Source, field: string): Errors {
  yield* validateIdentifierAndTarget(source, field);
  const { value, averageValue } = source.target ?? {};
  if (value === undefined && averageValue === undefined) yield required(`${field}.target.averageValue`, 'must set either a target value for metric or a per-pod target');
  if (value !== undefined && averageValue !== undefined) yield forbidden(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target');
}

function* validatePods(source: Source, field: string): Errors {
  yield* validateIdentifierAndTarget(source, field);
  if (source.target?.averageValue === undefined) yield required(`${field}.target.averageValue`, 'must specify a positive target averageValue');
}

function* validateResource({ name, target }: Source, field: string): Errors {
  if (!name) yield required(`${field}.name`, 'must specify a resource name');
  yield* validateResourceTarget(target ?? { type: '' }, `${field}.target`);
}

function* validateContainerResource({ name, container, target }: Source, field: string): Errors {
  if (!name) yield required(`${field}.name`, 'must specify a resource name');
  else yield* validateContainerResourceName(name, `${field}.name`);
  if (!container) yield required(`${field}.container`, 'must specify a container');
  else yield* dnsLabel(`${field}.container`, container);
  yield* validateResourceTarget(target ?? { type: '' }, `${field}.target`);
}

function* validateResourceTarget(target: V2MetricTarget, field: string): Errors {
  yield* validateTarget(target, field);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) yield required(`${field}.averageUtilization`, 'must set either a target raw value or a target utilization');
  if (averageUtilization !== undefined && averageValue !== undefined) yield forbidden(`${field}.averageValue`, 'may not set both a target raw value and a target utilization');
}

function* validateTarget({ type, value, averageValue, averageUtilization }: V2MetricTarget, field: string): Errors {
  if (!type) yield required(`${field}.type`, 'must specify a metric target type');
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) yield invalid(`${field}.type`, type ?? '', 'must be either Utilization, Value, or AverageValue');
  if (value !== undefined && quantityOf(value).nanos <= 0n) yield invalid(`${field}.value`, value, 'must be positive');
  if (averageValue !== undefined && quantityOf(averageValue).nanos <= 0n) yield invalid(`${field}.averageValue`, averageValue, 'must be positive');
  if (averageUtilization !== undefined && averageUtilization < 1) yield invalid(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0');
}
