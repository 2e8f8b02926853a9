/** Kinds that need the server for more than storing them: a row a resource, by `plural` or `plural.group`. */
import type { CertificateRequest } from '../../api/certificates/request.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ServiceAccountTokens } from '../tokens.ts';
import type { Registries } from '../registry/registries.ts';
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts';
import { certificateSigningRequestStrategy } from './certificate-signing-request.ts';
import { flowSchemaStrategy } from './flow-schema.ts';
import { namespaceStrategy } from './namespace.ts';
import { bindingStrategy } from './pod-binding.ts';
import { podStrategy } from './pod.ts';
import { serviceAccountStrategy } from './service-account.ts';
import { ServiceAddresses, type ServiceRanges } from './service-addresses.ts';
import { serviceStrategy } from './service.ts';
import type { ResourceStrategy } from './strategy.ts';

export interface StrategyContext {
  readonly platform: Platform;
  readonly ranges: ServiceRanges;
  /** Only to be called once all are made. */
  readonly registries: () => Registries;
  readonly tokens: ServiceAccountTokens;
  readonly audiences: readonly string[];
  /** What is wrong with the signature of a certificate request. */
  readonly signatureProblem: (request: CertificateRequest) => string | undefined;
  readonly reviews: Readonly<Record<string, ResourceStrategy>>;
}

export function createStrategies(issuing: StrategyContext): Readonly<Record<string, ResourceStrategy>> {
  const { platform, ranges, registries, reviews } = issuing;
  const now = (): number => platform.clock.now();
  return {
    ...reviews,
    bindings: bindingStrategy(registries, now),
    namespaces: namespaceStrategy,
    pods: podStrategy(registries, now),
    serviceaccounts: serviceAccountStrategy(issuing),
    services: serviceStrategy(registries, new ServiceAddresses(ranges, platform.random)),
    'customresourcedefinitions.apiextensions.k8s.io': customResourceDefinitionStrategy(now),
    'certificatesigningrequests.certificates.k8s.io': certificateSigningRequestStrategy(now, issuing.signatureProblem),
    'flowschemas.flowcontrol.apiserver.k8s.io': flowSchemaStrategy(registries, now),
    endpoints: { createOnUpdate: true },
    events: { createOnUpdate: true },
    'events.events.k8s.io': { createOnUpdate: true },
    limitranges: { createOnUpdate: true },
    replicationcontrollers: { orphansByDefault: true },
    'jobs.batch': { orphansByDefault: true },
    'leases.coordination.k8s.io': { createOnUpdate: true, unconditionalUpdate: false },
    'poddisruptionbudgets.policy': { unconditionalUpdate: false },
    'runtimeclasses.node.k8s.io': { createOnUpdate: true, unconditionalUpdate: false },
    'csidrivers.storage.k8s.io': { returnsDeleted: true, unconditionalUpdate: false },
    'csinodes.storage.k8s.io': { returnsDeleted: true, unconditionalUpdate: false },
    'csistoragecapacities.storage.k8s.io': { unconditionalUpdate: false },
    'volumeattachments.storage.k8s.io': { returnsDeleted: true, unconditionalUpdate: false },
    ...each(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'], 'rbac.authorization.k8s.io', { createOnUpdate: true }),
    ...each(admissionResources, 'admissionregistration.k8s.io', { unconditionalUpdate: false }),
    ...each(['deviceclasses', 'resourceclaims', 'resourceclaimtemplates', 'resourceslices'], 'resource.k8s.io', { returnsDeleted: true }),
    ...each(['storageclasses', 'volumeattributesclasses'], 'storage.k8s.io', { returnsDeleted: true }),
    ...each(['persistentvolumes', 'persistentvolumeclaims', 'podtemplates', 'resourcequotas'], '', { returnsDeleted: true }),
  };
}

const admissionResources = [
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
];

function each(plurals: readonly string[], group: string, strategy: ResourceStrategy): Readonly<Record<string, ResourceStrategy>> {
  return Object.fromEntries(plurals.map((plural) => [group === '' ? plural : `${plural}.${group}`, strategy]));
}
