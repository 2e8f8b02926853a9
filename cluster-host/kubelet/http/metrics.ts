/**
 * The kubelet's metrics: its own, the resource metrics, and those by the names that cAdvisor gave them
 * (kubernetes.io/docs/reference/instrumentation/metrics). Pure.
 */
import { kubernetesVersion } from '../../api/version.ts';
import type { ContainerState, RuntimeInfo } from '../runtime/runtime.ts';
import type { ContainerReport, NodeUsage, PodReport } from '../usage/node-usage.ts';
import type { Metric, MetricSample } from './prometheus.ts';

const nanosecondsPerSecond = 1e9;

/** `/metrics/resource`. */
export function resourceMetrics({ time, pods, usage }: NodeUsage): readonly Metric[] {
  const byContainer = (value: (report: ContainerReport) => number, timed = true): MetricSample[] =>
    eachContainer(pods, ({ namespace, name }, report) => ({ labels: { container: report.name, namespace, pod: name }, value: value(report), ...(timed ? { time: report.usage.time } : {}) }));
  const byPod = (value: (pod: PodReport) => number): MetricSample[] => pods.map((pod) => ({ labels: { namespace: pod.namespace, pod: pod.name }, value: value(pod), time }));
  return [
    counter('container_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the container in core-seconds', byContainer((report) => report.usage.cpuNanoseconds / nanosecondsPerSecond)),
    gauge('container_memory_working_set_bytes', '[STABLE] Current working set of the container in bytes', byContainer((report) => report.usage.workingSet)),
    gauge('container_start_time_seconds', '[STABLE] Start time of the container since unix epoch in seconds', byContainer(startSeconds, false)),
    counter('node_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the node in core-seconds', [{ value: usage.cpuNanoseconds / nanosecondsPerSecond, time }]),
    gauge('node_memory_working_set_bytes', '[STABLE] Current working set of the node in bytes', [{ value: usage.workingSet, time }]),
    counter('pod_cpu_usage_seconds_total', '[STABLE] Cumulative cpu time consumed by the pod in core-seconds', byPod((pod) => pod.usage.cpuNanoseconds / nanosecondsPerSecond)),
    gauge('pod_memory_working_set_bytes', '[STABLE] Current working set of the pod in bytes', byPod((pod) => pod.usage.workingSet)),
    gauge('resource_scrape_error', '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise', [{ value: 0 }]),
  ];
}

/** `/metrics/cadvisor`. */
export function containerMetrics({ time, pods }: NodeUsage, { cpus, memory }: RuntimeInfo): readonly Metric[] {
  const labelsOf = ({ namespace, name, uid }: PodReport, { name: container, container: { id, image } }: ContainerReport, cpu: object = {}): Record<string, string> => ({
    container,
    ...cpu,
    id: `/kubepods/pod${uid}/${id}`,
    image,
    name: id,
    namespace,
    pod: name,
  });
  const byContainer = (value: (report: ContainerReport) => number, more: object = {}): MetricSample[] =>
    eachContainer(pods, (pod, report) => ({ labels: labelsOf(pod, report, more), value: value(report), time: report.usage.time }));
  const byNetwork = (value: (network: NonNullable<PodReport['network']>) => number): MetricSample[] =>
    pods.flatMap(({ namespace, name, uid, network }) =>
      network === undefined ? [] : [{ labels: { container: '', id: `/kubepods/pod${uid}`, image: '', interface: 'eth0', name: '', namespace, pod: name }, value: value(network), time }],
    );
  return [
    counter('container_cpu_usage_seconds_total', 'Cumulative cpu time consumed in seconds.', byContainer((report) => report.usage.cpuNanoseconds / nanosecondsPerSecond, { cpu: 'total' })),
    gauge('container_last_seen', 'Last time a container was seen by the exporter', byContainer((report) => Math.floor(report.usage.time / 1000))),
    gauge('container_memory_rss', 'Size of RSS in bytes.', byContainer((report) => report.usage.rss)),
    gauge('container_memory_usage_bytes', 'Current memory usage in bytes, including all memory regardless of when it was accessed', byContainer((report) => report.usage.memoryUsage)),
    gauge('container_memory_working_set_bytes', 'Current working set in bytes.', byContainer((report) => report.usage.workingSet)),
    counter('container_network_receive_bytes_total', 'Cumulative count of bytes received', byNetwork(({ receivedBytes }) => receivedBytes)),
    counter('container_network_receive_errors_total', 'Cumulative count of errors encountered while receiving', byNetwork(({ receiveErrors }) => receiveErrors)),
    counter('container_network_transmit_bytes_total', 'Cumulative count of bytes transmitted', byNetwork(({ sentBytes }) => sentBytes)),
    counter('container_network_transmit_errors_total', 'Cumulative count of errors encountered while transmitting', byNetwork(({ sendErrors }) => sendErrors)),
    gauge('container_start_time_seconds', 'Start time of the container since unix epoch in seconds.', byContainer(startSeconds)),
    gauge('machine_cpu_cores', 'Number of logical CPU cores.', [{ value: cpus }]),
    gauge('machine_memory_bytes', 'Amount of memory installed on the machine.', [{ value: memory }]),
  ];
}

/** `/metrics`: what the kubelet says of itself. */
export function kubeletMetrics(nodeName: string, pods: number, containers: readonly ContainerState[]): readonly Metric[] {
  const states: readonly ContainerState[] = ['created', 'exited', 'running', 'unknown'];
  const running = states.map((state) => ({ labels: { container_state: state }, value: containers.filter((each) => each === state).length })).filter(({ value }) => value > 0);
  const { major, minor, gitVersion } = kubernetesVersion;
  return [
    gauge('kubelet_node_name', "[ALPHA] The node's name. The count is always 1.", [{ labels: { node: nodeName }, value: 1 }]),
    gauge('kubelet_running_containers', '[ALPHA] Number of containers currently running', running),
    gauge('kubelet_running_pods', '[ALPHA] Number of pods that have a running pod sandbox', [{ value: pods }]),
    gauge('kubernetes_build_info', "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version.", [{ labels: { git_version: gitVersion, major, minor }, value: 1 }]),
  ];
}

function counter(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return { name, type: 'counter', help, samples };
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return { name, type: 'gauge', help, samples };
}

function eachContainer(pods: readonly PodReport[], sample: (pod: PodReport, report: ContainerReport) => MetricSample): MetricSample[] {
  return pods.flatMap((pod) => pod.containers.map((report) => sample(pod, report)));
}

function startSeconds({ container: { startedAt, createdAt } }: ContainerReport): number {
  return (startedAt ?? createdAt) / 1000;
}
