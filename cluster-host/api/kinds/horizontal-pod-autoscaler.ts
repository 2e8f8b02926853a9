/** Autoscalers: one stored object with two faces. `autoscaling/v1` knows CPU only and keeps the rest in annotations. */
import { fill } from '../defaults/fill.ts';
import type { V1HorizontalPodAutoscaler, V2HPAScalingRules, V2HorizontalPodAutoscaler, V2HorizontalPodAutoscalerSpec, V2MetricSpec } from '../generated/types.ts';
import { validateAutoscalerSpec } from '../validation/autoscaling.ts';
import type { Errors } from '../validation/errors.ts';
import { nonNegative } from '../validation/errors.ts';
import { autoscalerColumns } from './autoscaler-columns.ts';
import { defineKind } from './define-kind.ts';

const defaultUtilization = 80;
const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';
const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions';
const currentMetricsAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics';
const kept = [metricsAnnotation, behaviorAnnotation, conditionsAnnotation, currentMetricsAnnotation];

const common = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
} as const;

export const autoscalerV1 = defineKind<V1HorizontalPodAutoscaler>({
  ...common,
  setDefaults({ metadata, spec }) {
    if (spec === undefined) return;
    fill(spec, { minReplicas: 1 });
    if (metadata?.annotations?.[metricsAnnotation] === undefined) fill(spec, { targetCPUUtilizationPercentage: defaultUtilization });
  },
  *validate(object) {
    yield* validateAutoscalerSpec(toV2(object).spec ?? emptySpec);
  },
  status: { validateUpdate: validateStatus },
  columns: autoscalerColumns(toV2),
});

export const autoscaler = defineKind<V2HorizontalPodAutoscaler>({
  ...common,
  version: 'v2',
  model: 'V2HorizontalPodAutoscaler',
  setDefaults({ spec }) {
    if (spec === undefined) return;
    fill(spec, { minReplicas: 1 });
    if ((spec.metrics ?? []).length === 0) spec.metrics = [cpuMetric(defaultUtilization)];
    if (spec.behavior) {
      spec.behavior.scaleUp = withRules(spec.behavior.scaleUp, {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
      });
      spec.behavior.scaleDown = withRules(spec.behavior.scaleDown, { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] });
    }
  },
  *validate({ spec }) {
    yield* validateAutoscalerSpec(spec ?? emptySpec);
  },
  status: { validateUpdate: validateStatus },
  columns: autoscalerColumns((object: V2HorizontalPodAutoscaler) => object),
});

const emptySpec: V2HorizontalPodAutoscalerSpec = { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };

function withRules(rules: V2HPAScalingRules | undefined, defaults: V2HPAScalingRules): V2HPAScalingRules {
  return { ...defaults, ...rules };
}

function cpuMetric(averageUtilization: number): V2MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function isCpuMetric({ type, resource }: V2MetricSpec): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;
}

function* validateStatus({ status }: V1HorizontalPodAutoscaler | V2HorizontalPodAutoscaler): Errors {
  yield* nonNegative('status.currentReplicas', status?.currentReplicas);
  yield* nonNegative('status.desiredReplicas', status?.desiredReplicas);
}

// The type parameter is the caller's word for what the annotation holds: its writer was this very file.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function parsed<T>(json: string | undefined): T | undefined {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as T;
  } catch {
    return undefined;
  }
}

/** The same autoscaler as `autoscaling/v2` shows it. */
export function toV2({ metadata, spec, status }: V1HorizontalPodAutoscaler): V2HorizontalPodAutoscaler {
  const annotations = metadata?.annotations ?? {};
  const { targetCPUUtilizationPercentage: utilization, ...same } = spec ?? { ...emptySpec, targetCPUUtilizationPercentage: undefined };
  const { currentCPUUtilizationPercentage: current, ...sameStatus } = status ?? { currentReplicas: 0, desiredReplicas: 0 };
  const others = parsed<V2MetricSpec[]>(annotations[metricsAnnotation]) ?? [];
  const rest = Object.entries(annotations).filter(([key]) => !kept.includes(key));
  const currentMetrics = parsed<NonNullable<V2HorizontalPodAutoscaler['status']>['currentMetrics']>(annotations[currentMetricsAnnotation]) ?? [];
  return {
    apiVersion: 'autoscaling/v2',
    kind: common.kind,
    metadata: { ...metadata, annotations: rest.length > 0 ? Object.fromEntries(rest) : undefined },
    spec: { ...same, metrics: [...others, ...(utilization === undefined ? [] : [cpuMetric(utilization)])], behavior: parsed(annotations[behaviorAnnotation]) },
    status: {
      ...sameStatus,
      currentMetrics: [...currentMetrics, ...(current === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }])],
      conditions: parsed(annotations[conditionsAnnotation]),
    },
  };
}

/** The same autoscaler as `autoscaling/v1` shows it. */
export function toV1({ metadata, spec, status }: V2HorizontalPodAutoscaler): V1HorizontalPodAutoscaler {
  const { metrics = [], behavior, ...same } = spec ?? emptySpec;
  const { currentMetrics = [], conditions, ...sameStatus } = status ?? { desiredReplicas: 0 };
  const cpu = metrics.find(isCpuMetric);
  const others = metrics.filter((metric) => metric !== cpu);
  const currentCpu = currentMetrics?.find(({ resource }) => resource?.name === 'cpu' && resource.current.averageUtilization !== undefined);
  const extra = {
    [metricsAnnotation]: others.length > 0 ? others : undefined,
    [behaviorAnnotation]: behavior,
    [conditionsAnnotation]: conditions && conditions.length > 0 ? conditions : undefined,
    [currentMetricsAnnotation]: currentMetrics && currentMetrics.length > 0 ? currentMetrics : undefined,
  };
  const added = Object.entries(extra).flatMap(([key, value]) => (value === undefined ? [] : [[key, JSON.stringify(value)] as const]));
  const annotations = { ...metadata?.annotations, ...Object.fromEntries(added) };
  return {
    apiVersion: 'autoscaling/v1',
    kind: common.kind,
    metadata: { ...metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
    spec: { ...same, targetCPUUtilizationPercentage: cpu?.resource?.target.averageUtilization },
    status: { currentReplicas: 0, ...sameStatus, currentCPUUtilizationPercentage: currentCpu?.resource?.current.averageUtilization },
  };
}
