/** PodSecurity: a namespace's labels say which pods it takes and of which it warns (https://kubernetes.io/docs/concepts/security/pod-security-admission/). */
import type { V1Namespace, V1Pod, V1PodTemplateSpec } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { isStricterThan, policyLabelErrors, policyOf, policyText, violations } from '../../api/pod-security/policy.ts';
import { equal } from '../../api/values.ts';
import { forbidden, invalid } from '../failure.ts';
import type { Registries } from '../registry/registries.ts';
import type { AdmissionPlugin, AdmissionRequest } from './admission.ts';

/** Where a kind keeps the pods that it makes. */
const templates: Readonly<Record<string, (object: any) => V1PodTemplateSpec | undefined>> = {
  podtemplates: (object) => object.template,
  replicationcontrollers: (object) => object.spec?.template,
  'deployments.apps': (object) => object.spec?.template,
  'replicasets.apps': (object) => object.spec?.template,
  'statefulsets.apps': (object) => object.spec?.template,
  'daemonsets.apps': (object) => object.spec?.template,
  'jobs.batch': (object) => object.spec?.template,
  'cronjobs.batch': (object) => object.spec?.jobTemplate?.spec?.template,
};

export function podSecurity(registries: () => Registries): AdmissionPlugin {
  const labelsOf = async (namespace: string): Promise<Readonly<Record<string, string>> | undefined> =>
    (await registries().need('', 'v1', 'namespaces').find('', namespace))?.object.metadata?.labels;
  return {
    name: 'PodSecurity',
    async validate(request) {
      const { operation, definition, namespace, subresource, object, old } = request;
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || object === undefined) return;
      const resource = definition.group === '' ? definition.plural : `${definition.plural}.${definition.group}`;
      if (resource === 'namespaces' && subresource === '') {
        await checkNamespace(request, object, async (name) => (await registries().need('', 'v1', 'pods').all(name)).map((version) => version.object));
      } else if (resource === 'pods' && (subresource === '' || subresource === 'ephemeralcontainers')) {
        if (old === undefined || isSignificant(object, old)) checkPod(request, object, await labelsOf(namespace));
      } else if (subresource === '') {
        const template = templates[resource]?.(object);
        if (template !== undefined) warn(request, template, await labelsOf(namespace));
      }
    },
  };
}

function checkPod(request: AdmissionRequest, { metadata = {}, spec }: V1Pod, labels: Readonly<Record<string, string>> | undefined): void {
  if (spec === undefined) return;
  const policy = policyOf(labels, 'enforce');
  const found = violations({ metadata, spec }, policy);
  if (found !== undefined) throw forbidden(request.definition, request.name, `violates PodSecurity "${policyText(policy)}": ${found.details}`);
  warn(request, { metadata, spec }, labels);
}

function warn(request: AdmissionRequest, { metadata = {}, spec }: V1PodTemplateSpec, labels: Readonly<Record<string, string>> | undefined): void {
  const policy = policyOf(labels, 'warn');
  const found = spec === undefined ? undefined : violations({ metadata, spec }, policy);
  if (found !== undefined) request.warn(`would violate PodSecurity "${policyText(policy)}": ${found.details}`);
}

/** Of what may change in a pod, images and added containers count. */
function isSignificant(pod: V1Pod, old: V1Pod): boolean {
  const facts = ({ spec }: V1Pod): unknown => [spec?.initContainers, spec?.containers, spec?.ephemeralContainers].map((list) => list?.map(({ name, image }) => [name, image]) ?? []);
  return !equal(facts(pod), facts(old));
}

async function checkNamespace(request: AdmissionRequest, { metadata }: V1Namespace, podsIn: (name: string) => Promise<readonly KubeObject[]>): Promise<void> {
  const { definition, name, old } = request;
  const errors = policyLabelErrors(metadata?.labels);
  // Whoever changes nothing about wrong labels may go on.
  if (errors.length > 0 && !equal(errors, policyLabelErrors(old?.metadata?.labels))) throw invalid(definition, name, errors);
  const policy = policyOf(metadata?.labels, 'enforce');
  if (old === undefined || !isStricterThan(policy, policyOf(old.metadata?.labels, 'enforce'))) return;
  const byReasons = new Map<string, string[]>();
  for (const pod of (await podsIn(name)) as readonly V1Pod[]) {
    const found = pod.spec === undefined ? undefined : violations({ metadata: pod.metadata ?? {}, spec: pod.spec }, policy);
    if (found !== undefined) byReasons.set(found.reasons, [...(byReasons.get(found.reasons) ?? []), pod.metadata?.name ?? '']);
  }
  if (byReasons.size === 0) return;
  request.warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${policyText(policy)}"`);
  for (const text of [...byReasons].map(([reasons, pods]) => `${podsText(pods)}: ${reasons}`).toSorted()) request.warn(text);
}

function podsText(names: readonly string[]): string {
  const [first = ''] = names.toSorted();
  if (names.length === 1) return first;
  return names.length === 2 ? `${first} (and 1 other pod)` : `${first} (and ${names.length - 1} other pods)`;
}
