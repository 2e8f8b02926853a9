/** The kinds of `metrics.k8s.io/v1beta1` (github.com/kubernetes/metrics): what nodes and pods use. */
import { customKind } from '../api/custom/kind.ts';
import type { V1CustomResourceColumnDefinition, V1JSONSchemaProps } from '../api/generated/types.ts';
import type { KindDefinition } from '../api/kind.ts';

export const metricsGroup = 'metrics.k8s.io';
export const metricsVersion = 'v1beta1';

const usage: V1JSONSchemaProps = {
  type: 'object',
  description: 'The memory usage is the memory working set.',
  additionalProperties: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
};
const interval: Readonly<Record<string, V1JSONSchemaProps>> = {
  timestamp: { type: 'string', format: 'date-time', description: 'The end of the interval from which metrics were collected.' },
  window: { type: 'string', description: 'The length of the interval.' },
};
const containers: V1JSONSchemaProps = {
  type: 'array',
  description: 'Metrics for all containers are collected within the same time window.',
  items: { type: 'object', required: ['name', 'usage'], properties: { name: { type: 'string', description: 'Container name corresponding to the one from pod.spec.containers.' }, usage } },
};

const windowColumn: V1CustomResourceColumnDefinition = { name: 'Window', type: 'string', format: 'duration', jsonPath: '.window' };

export const nodeMetricsKind = metricsKind('NodeMetrics', 'nodes', 'Cluster', { usage }, [
  { name: 'cpu', type: 'string', format: 'quantity', jsonPath: '.usage.cpu' },
  { name: 'memory', type: 'string', format: 'quantity', jsonPath: '.usage.memory' },
  windowColumn,
]);

export const podMetricsKind = metricsKind('PodMetrics', 'pods', 'Namespaced', { containers }, [
  { name: 'cpu', type: 'string', format: 'quantity', jsonPath: '.containers[0].usage.cpu' },
  { name: 'memory', type: 'string', format: 'quantity', jsonPath: '.containers[0].usage.memory' },
  windowColumn,
]);

function metricsKind(kind: string, plural: string, scope: 'Cluster' | 'Namespaced', properties: Readonly<Record<string, V1JSONSchemaProps>>, columns: V1CustomResourceColumnDefinition[]): KindDefinition {
  const schema: V1JSONSchemaProps = { type: 'object', description: `${kind} sets resource usage metrics of a ${plural.slice(0, -1)}.`, properties: { ...interval, ...properties } };
  const version = { name: metricsVersion, served: true, storage: true, schema: { openAPIV3Schema: schema }, additionalPrinterColumns: columns };
  const names = { kind, plural, singular: '' };
  const definition = customKind({ metadata: { name: `${plural}.${metricsGroup}` }, spec: { group: metricsGroup, names, scope, versions: [version] } }, version);
  return { ...definition, verbs: ['get', 'list'] };
}
