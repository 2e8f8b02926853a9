/** Defaults of pod specs (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/). */
import type {
  V1Container,
  V1EnvVar,
  V1HTTPGetAction,
  V1LifecycleHandler,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
} from '../generated/types.ts';
import { fill, fillEmpty } from './fill.ts';
import { setResourceListDefaults } from './resources.ts';
import { setVolumeDefaults } from './volumes.ts';

/** What holds for specs of pods and templates alike. */
export function setPodSpecDefaults(spec: V1PodSpec): void {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  for (const container of containers) setContainerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) setContainerDefaults(container);
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
  if (spec.hostNetwork === true) {
    for (const { ports = [] } of containers) for (const port of ports) fillEmpty(port, { hostPort: port.containerPort });
  }
  fillEmpty(spec, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' });
  fill(spec, { securityContext: {}, terminationGracePeriodSeconds: 30 });
  keepServiceAccountNames(spec);
  setResourceListDefaults(spec.overhead);
  setResourceListDefaults(spec.resources?.limits);
  setResourceListDefaults(spec.resources?.requests);
}

/** The old name of the service account follows the new one, and stands in for it. */
function keepServiceAccountNames(spec: V1PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name) Object.assign(spec, { serviceAccountName: name, serviceAccount: name });
}

/** What holds for pods themselves, not for templates. */
export function setPodDefaults(pod: V1Pod): void {
  const spec = pod.spec;
  if (spec === undefined) return;
  setPodSpecDefaults(spec);
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) requestsFromLimits(container.resources);
  setPodLevelRequests(spec);
  fill(spec, { enableServiceLinks: true });
}

export function setTemplateDefaults(template: V1PodTemplateSpec | undefined): void {
  if (template?.spec) setPodSpecDefaults(template.spec);
}

function requestsFromLimits(resources: V1ResourceRequirements | undefined): void {
  if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

/** A pod with limits of its own asks for what they say, unless its containers ask for the resource themselves. */
function setPodLevelRequests({ resources, containers, initContainers }: V1PodSpec): void {
  if (!resources?.limits) return;
  const asked = new Set([...(containers ?? []), ...(initContainers ?? [])].flatMap((container) => Object.keys(container.resources?.requests ?? {})));
  for (const [name, limit] of Object.entries(resources.limits)) {
    if (resources.requests?.[name] === undefined && !asked.has(name)) (resources.requests ??= {})[name] = limit;
  }
}

function setContainerDefaults(container: V1Container): void {
  fillEmpty(container, {
    imagePullPolicy: isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of container.ports ?? []) fillEmpty(port, { protocol: 'TCP' });
  for (const variable of container.env ?? []) setEnvDefaults(variable);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) if (probe) setProbeDefaults(probe);
  setHandlerDefaults(container.lifecycle?.postStart);
  setHandlerDefaults(container.lifecycle?.preStop);
  setResourceListDefaults(container.resources?.limits);
  setResourceListDefaults(container.resources?.requests);
}

const maxImageNameLength = 255;
const imageReference = /^((?:[\w.-]+(?::\d+)?\/)?(?:[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(@[A-Za-z][\w:+.-]*)?$/;

/** An image with neither tag nor digest, or with the tag `latest`, may change any time. What is no image name at all is not judged. */
function isLatest(image: string): boolean {
  const match = imageReference.exec(image);
  if (match === null) return false;
  const [, name = '', tag, digest] = match;
  return name.length <= maxImageNameLength && (tag ?? (digest === undefined ? 'latest' : '')) === 'latest';
}

function setEnvDefaults({ valueFrom }: V1EnvVar): void {
  if (valueFrom?.fieldRef) fillEmpty(valueFrom.fieldRef, { apiVersion: 'v1' });
  if (valueFrom?.resourceFieldRef) fillEmpty(valueFrom.resourceFieldRef, { divisor: '0' });
  if (valueFrom?.fileKeyRef) fill(valueFrom.fileKeyRef, { optional: false });
}

function setProbeDefaults(probe: V1Probe): void {
  fillEmpty(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  setHttpDefaults(probe.httpGet);
  if (probe.grpc && probe.grpc.service === undefined) probe.grpc.service = '';
}

function setHandlerDefaults(handler: V1LifecycleHandler | undefined): void {
  setHttpDefaults(handler?.httpGet);
}

function setHttpDefaults(action: V1HTTPGetAction | undefined): void {
  if (action) fillEmpty(action, { path: '/', scheme: 'HTTP' });
}
