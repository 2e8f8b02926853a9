/** Which fields select other objects by their labels: one table, by the kind of the object that selects. */
import { below, podTemplates } from './pod-templates.ts';

export interface SelectorField {
  readonly pattern: string;
  /** `map` is `{app: web}`, `labelSelector` has `matchLabels` and `matchExpressions`. */
  readonly form: 'map' | 'labelSelector';
  /** With its group, as in `ManifestFacts.groupKind`. */
  readonly selects: 'Pod' | 'Node' | 'Namespace' | 'PersistentVolume' | 'rbac.authorization.k8s.io/ClusterRole';
  /** Whether an empty selector selects everything or nothing. */
  readonly empty: 'everything' | 'nothing';
  /** Where it selects: in the namespace of its object, in every one, or (`controlled`) the pods of its own template. */
  readonly scope: 'namespace' | 'cluster' | 'controlled';
}

const controlled: SelectorField = { pattern: 'spec.selector', form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'controlled' };

const peers = (list: string): readonly SelectorField[] => [
  { pattern: `${list}.podSelector`, form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'cluster' },
  { pattern: `${list}.namespaceSelector`, form: 'labelSelector', selects: 'Namespace', empty: 'everything', scope: 'cluster' },
];

const affinityTerms = ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
  `affinity.${affinity}.requiredDuringSchedulingIgnoredDuringExecution[]`,
  `affinity.${affinity}.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm`,
]);

const inPodSpec: readonly SelectorField[] = [
  { pattern: 'nodeSelector', form: 'map', selects: 'Node', empty: 'everything', scope: 'cluster' },
  { pattern: 'topologySpreadConstraints[].labelSelector', form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'namespace' },
  ...affinityTerms.flatMap((term): SelectorField[] => [
    { pattern: `${term}.labelSelector`, form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'namespace' },
    { pattern: `${term}.namespaceSelector`, form: 'labelSelector', selects: 'Namespace', empty: 'everything', scope: 'cluster' },
  ]),
  ...['requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]', 'preferredDuringSchedulingIgnoredDuringExecution[].preference'].map(
    (term): SelectorField => ({ pattern: `affinity.nodeAffinity.${term}`, form: 'labelSelector', selects: 'Node', empty: 'nothing', scope: 'cluster' }),
  ),
];

const ofKinds: Readonly<Record<string, readonly SelectorField[]>> = {
  Service: [{ pattern: 'spec.selector', form: 'map', selects: 'Pod', empty: 'nothing', scope: 'namespace' }],
  ReplicationController: [{ ...controlled, form: 'map' }],
  'apps/ReplicaSet': [controlled],
  'apps/Deployment': [controlled],
  'apps/StatefulSet': [controlled],
  'apps/DaemonSet': [controlled],
  'batch/Job': [controlled],
  'policy/PodDisruptionBudget': [{ pattern: 'spec.selector', form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'namespace' }],
  'networking.k8s.io/NetworkPolicy': [
    { pattern: 'spec.podSelector', form: 'labelSelector', selects: 'Pod', empty: 'everything', scope: 'namespace' },
    ...peers('spec.ingress[].from[]'),
    ...peers('spec.egress[].to[]'),
  ],
  PersistentVolumeClaim: [{ pattern: 'spec.selector', form: 'labelSelector', selects: 'PersistentVolume', empty: 'everything', scope: 'cluster' }],
  'rbac.authorization.k8s.io/ClusterRole': [
    { pattern: 'aggregationRule.clusterRoleSelectors[]', form: 'labelSelector', selects: 'rbac.authorization.k8s.io/ClusterRole', empty: 'everything', scope: 'cluster' },
  ],
};

const known = new Map<string, readonly SelectorField[]>();

export function selectorFields(groupKind: string): readonly SelectorField[] {
  let fields = known.get(groupKind);
  if (fields === undefined) {
    fields = fieldsOf(groupKind);
    if (fields.length > 0) known.set(groupKind, fields);
  }
  return fields;
}

function fieldsOf(groupKind: string): readonly SelectorField[] {
  const template = podTemplates[groupKind];
  const inTemplate = template === undefined ? [] : inPodSpec.map((field) => ({ ...field, pattern: below(template, `spec.${field.pattern}`) }));
  return [...(ofKinds[groupKind] ?? []), ...inTemplate];
}
