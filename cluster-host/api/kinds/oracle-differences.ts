/** Where Kubernetes 1.36 answers otherwise than the 1.20 whose answers were recorded, each with its source. */

export interface RecordedRequest {
  readonly body: { readonly kind?: string };
  readonly change: string;
  readonly message?: string;
  readonly code: number;
}

export interface Difference {
  /** What changed, and in which release. */
  readonly why: string;
  applies(recorded: RecordedRequest): boolean;
}

function kindIs({ body }: RecordedRequest, ...kinds: readonly string[]): boolean {
  return kinds.includes(body.kind ?? '');
}

export const differences: readonly Difference[] = [
  {
    why: 'host aliases are reported with their positions (1.33)',
    applies: ({ change, code }) => code === 422 && change.includes('hostAliases.0.'),
  },
  {
    why: 'values of node selectors must be possible label values (1.27, AllowInvalidLabelValueInRequiredNodeAffinity)',
    applies: ({ change }) => /nodeSelectorTerms.*values\.0 = "(?:aaaa|Bogus|-x)/.test(change),
  },
  {
    why: 'selectors of pod affinity are reported under labelSelector (1.21)',
    applies: ({ change, code }) => code === 422 && change.includes('podAntiAffinity') && change.includes('labelSelector.matchExpressions'),
  },
  {
    why: 'names of environment variables may have any printable character but = (RelaxedEnvironmentVariableValidation, 1.34)',
    applies: ({ change }) => /(?:env\.\d+\.name|envFrom\.\d+\.prefix) = "Bogus_Value!"/.test(change),
  },
  {
    why: 'values of selectors must be possible label values (1.24)',
    applies: ({ change }) => /elector\.matchExpressions\.\d+\.values\.\d+ = /.test(change),
  },
  {
    why: 'the name of a namespace is a label of it too (NamespaceDefaultLabelName, 1.21)',
    applies: (recorded) => kindIs(recorded, 'Namespace') && recorded.code === 422 && recorded.change.startsWith('metadata.name = '),
  },
  {
    why: 'an external traffic policy needs a type that is reached from outside, and a wrong one is unsupported (1.23)',
    applies: (recorded) => kindIs(recorded, 'Service') && recorded.code === 422 && /^spec\.(?:type|externalTrafficPolicy) = "/.test(recorded.change),
  },
  {
    why: 'allocateLoadBalancerNodePorts is for load balancers only (ServiceLBNodePortControl, 1.22)',
    applies: (recorded) => kindIs(recorded, 'Service') && (recorded.message ?? '').includes('svc-lb') && recorded.change.startsWith('spec.type = '),
  },
  {
    why: 'source ranges are reported with their positions (1.33)',
    applies: ({ change, code }) => code === 422 && change.startsWith('spec.loadBalancerSourceRanges.'),
  },
  {
    why: 'cluster IPs that an update leaves out are kept (1.22)',
    applies: (recorded) => kindIs(recorded, 'Service') && (recorded.message ?? '').includes('primary clusterIP can not be unset'),
  },
  {
    why: 'the pod template, claim templates and service name of a StatefulSet are validated, and more of it may change (1.33, 1.34)',
    applies: (recorded) => kindIs(recorded, 'StatefulSet') && /^spec(?: = |\.template|\.serviceName|\.volumeClaimTemplates|\.revisionHistoryLimit)/.test(recorded.change),
  },
  {
    why: 'a rolling update of a DaemonSet may surge, so that maxUnavailable may be 0 (DaemonSetUpdateSurge, 1.22)',
    applies: (recorded) => kindIs(recorded, 'DaemonSet') && recorded.code === 422 && recorded.change.includes('maxUnavailable = 0'),
  },
  {
    why: 'a default backend that an update left out came back in dry runs, for lack of clearing what it was decoded into (storage as v1beta1 until 1.22)',
    applies: (recorded) => kindIs(recorded, 'Ingress') && recorded.code === 200 && recorded.change === 'spec.defaultBackend = (removed)',
  },
  {
    why: 'what may not change of a StorageClass is an immutable field like others (1.36, kubernetes/kubernetes#136822)',
    applies: (recorded) => kindIs(recorded, 'StorageClass') && / updates to \w+ are forbidden\./.test(recorded.message ?? ''),
  },
  {
    why: 'two CIDRs of a node must be of two families (IPv6DualStack, 1.21)',
    applies: (recorded) => kindIs(recorded, 'Node') && recorded.change.startsWith('spec.podCIDRs = '),
  },
  {
    why: 'values of the wrong type have a reason of their own, FieldValueTypeInvalid, so that CEL rules are not asked about them (1.23)',
    applies: (recorded) => kindIs(recorded, 'CustomResourceDefinition') && recorded.code === 422 && (recorded.message ?? '').includes(' in body must be of type '),
  },
];

export interface FieldDifference {
  readonly why: string;
  /** `path` is the field's in dots, `recorded` what 1.20 answered there. */
  applies(path: string, recorded: unknown): boolean;
}

/** Fields of accepted objects that 1.36 writes otherwise. */
export const fieldDifferences: readonly FieldDifference[] = [
  {
    why: 'a creation time that is not set is left out (omitzero in k8s.io/apimachinery meta/v1, 1.34)',
    applies: (path, recorded) => path.endsWith('.creationTimestamp') && recorded === null,
  },
  {
    why: 'the API group of the parameters of an IngressClass is left out where it is null (1.22)',
    applies: (path, recorded) => path === 'spec.parameters.apiGroup' && recorded === null,
  },
];
