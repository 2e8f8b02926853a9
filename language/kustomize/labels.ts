/** Labels and annotations that a kustomization gives to everything (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/). */
import { setKey, type JsonObject } from '../../cluster-host/api/values.ts';
import { textOf } from '../syntax/scalars.ts';
import { podTemplates, below } from '../workspace/pod-templates.ts';
import { mapsAt } from './field-paths.ts';
import type { LabelEntry } from './kustomization.ts';
import { groupKind, gvkOf, type Resource } from './resource.ts';

interface Place {
  readonly pattern: string;
  /** Whether the map is made where it is missing. */
  readonly create: boolean;
}

const made = (pattern: string): Place => ({ pattern, create: true });
const found = (pattern: string): Place => ({ pattern, create: false });

const affinity = ['podAffinity', 'podAntiAffinity'].flatMap((kind) => [
  `${kind}.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm.labelSelector.matchLabels`,
  `${kind}.requiredDuringSchedulingIgnoredDuringExecution[].labelSelector.matchLabels`,
]);
const inTemplate = [...affinity.map((pattern) => `affinity.${pattern}`), 'topologySpreadConstraints[].labelSelector.matchLabels'].map((pattern) => found(`spec.template.spec.${pattern}`));

const selectors: Readonly<Record<string, readonly Place[]>> = {
  Service: [made('spec.selector')],
  ReplicationController: [made('spec.selector')],
  'apps/Deployment': [made('spec.selector.matchLabels'), ...inTemplate],
  'apps/ReplicaSet': [made('spec.selector.matchLabels')],
  'apps/DaemonSet': [made('spec.selector.matchLabels')],
  'apps/StatefulSet': [made('spec.selector.matchLabels'), ...inTemplate, made('spec.volumeClaimTemplates[].metadata.labels')],
  'batch/Job': [found('spec.selector.matchLabels')],
  'batch/CronJob': [found('spec.jobTemplate.spec.selector.matchLabels')],
  'policy/PodDisruptionBudget': [found('spec.selector.matchLabels')],
  'networking.k8s.io/NetworkPolicy': ['spec.podSelector', 'spec.ingress[].from[].podSelector', 'spec.egress[].to[].podSelector'].map((selector) => found(`${selector}.matchLabels`)),
};

/** The metadata of what an object makes: of its pods, and of the jobs that make them. */
function templates(kind: string): readonly string[] {
  const template = kind === 'PodTemplate' ? undefined : podTemplates[kind];
  if (template === undefined || template === '') return [];
  return [...(kind === 'batch/CronJob' ? ['spec.jobTemplate.metadata'] : []), below(template, 'metadata')];
}

export function addLabels(resources: readonly Resource[], entries: readonly LabelEntry[]): void {
  for (const { object } of resources) {
    const kind = groupKind(object);
    for (const { pairs, selectors: intoSelectors, templates: intoTemplates, fields } of entries) {
      const places = [
        made('metadata.labels'),
        ...(intoTemplates ? templates(kind).map((metadata) => made(`${metadata}.labels`)) : []),
        ...(intoSelectors ? (selectors[kind] ?? []) : []),
        ...fields.filter((field) => isFor(field, object)).map((field) => ({ pattern: textOf(field['path']).replaceAll('/', '.'), create: field['create'] === true })),
      ];
      addAt(object, places, pairs);
    }
  }
}

export function addAnnotations(resources: readonly Resource[], annotations: Readonly<Record<string, string>>): void {
  for (const { object } of resources) {
    addAt(object, ['metadata', ...templates(groupKind(object))].map((metadata) => made(`${metadata}.annotations`)), annotations);
  }
}

function addAt(object: JsonObject, places: readonly Place[], pairs: Readonly<Record<string, string>>): void {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return;
  for (const { pattern, create } of places) {
    for (const map of mapsAt(object, pattern, create)) for (const [key, value] of entries) setKey(map, key, value);
  }
}

/** Whether a field specification (`kind`, `group`, `version`, each optional) means an object. */
function isFor(field: JsonObject, object: JsonObject): boolean {
  const gvk = gvkOf(object);
  return (['group', 'version', 'kind'] as const).every((part) => field[part] === undefined || field[part] === '' || field[part] === gvk[part]);
}
