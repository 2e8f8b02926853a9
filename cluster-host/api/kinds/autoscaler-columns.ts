/** The row that `kubectl get hpa` prints. */
import type { V1HorizontalPodAutoscaler, V2HorizontalPodAutoscaler, V2MetricSpec, V2MetricStatus, V2MetricTarget, V2MetricValueStatus } from '../generated/types.ts';
import type { Cell, Column } from './columns.ts';
import { ageColumn, none, text, unknown, unset } from './columns.ts';

const maxMetrics = 2;

export function autoscalerColumns<T extends V1HorizontalPodAutoscaler | V2HorizontalPodAutoscaler>(toV2: (object: T) => V2HorizontalPodAutoscaler): readonly Column<T>[] {
  const column = (name: string, description: string, cell: (object: V2HorizontalPodAutoscaler) => Cell): Column<T> => text(name, description, (object) => cell(toV2(object)));
  return [
    column('Reference', 'What it scales.', ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`),
    column('Targets', 'Measured and wanted values.', ({ spec, status }) => metricsText(spec?.metrics ?? [], status?.currentMetrics ?? [])),
    column('MinPods', 'The fewest pods.', ({ spec }) => (spec?.minReplicas === undefined ? unset : String(spec.minReplicas))),
    column('MaxPods', 'The most pods.', ({ spec }) => spec?.maxReplicas ?? 0),
    column('Replicas', 'How many pods there are.', ({ status }) => status?.currentReplicas ?? 0),
    ageColumn,
  ];
}

function metricsText(metrics: readonly V2MetricSpec[], statuses: readonly V2MetricStatus[]): string {
  if (metrics.length === 0) return none;
  const shown = metrics.slice(0, maxMetrics).map((metric, index) => metricText(metric, statuses[index]));
  const list = shown.join(', ');
  return metrics.length > maxMetrics ? `${list} + ${metrics.length - maxMetrics} more...` : list;
}

function metricText(metric: V2MetricSpec, status: V2MetricStatus | undefined): string {
  switch (metric.type) {
    case 'Resource':
      return `${metric.resource?.name}: ${resourceText(metric.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${metric.containerResource?.name}: ${resourceText(metric.containerResource?.target, status?.containerResource?.current)}`;
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? unknown}/${metric.pods?.target.averageValue}`;
    case 'Object':
      return valueText(metric.object?.target, status?.object?.current);
    case 'External':
      return valueText(metric.external?.target, status?.external?.current);
    default:
      return '<unknown type>';
  }
}

function resourceText(target: V2MetricTarget | undefined, current: V2MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue}`;
  const percent = (value: number | undefined, missing: string): string => (value === undefined ? missing : `${value}%`);
  return `${percent(current?.averageUtilization, unknown)}/${percent(target?.averageUtilization, '<auto>')}`;
}

function valueText(target: V2MetricTarget | undefined, current: V2MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? unknown}/${target?.value}`;
}
