/** Kinds that need the server for more than storing them: a row a resource, by `plural` or `plural.group`. */
import type { CertificateRequest } from '../../api/certificates/request.ts';
import type { Platform } from '../../platform/platform.ts';
import { flowSchemaStrategy } from '../flow-control/dangling.ts';
import type { ServiceAccountTokens } from '../tokens.ts';
import type { Registries } from '../registry/registries.ts';
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts';
import { certificateSigningRequestStrategy } from './certificate-signing-request.ts';
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
    limitranges: { createOnUpdate: true },
    replicationcontrollers: { orphansByDefault: true },
    'jobs.batch': { orphansByDefault: true },
    persistentvolumes: { returnsDeleted: true },
    persistentvolumeclaims: { returnsDeleted: true },
    podtemplates: { returnsDeleted: true },
    resourcequotas: { returnsDeleted: true },
    'leases.coordination.k8s.io': { createOnUpdate: true, unconditionalUpdate: false },
    'poddisruptionbudgets.policy': { unconditionalUpdate: false },
    'runtimeclasses.node.k8s.io': { unconditionalUpdate: false },
    'roles.rbac.authorization.k8s.io': { createOnUpdate: true },
    'rolebindings.rbac.authorization.k8s.io': { createOnUpdate: true },
    'clusterroles.rbac.authorization.k8s.io': { createOnUpdate: true },
    'clusterrolebindings.rbac.authorization.k8s.io': { createOnUpdate: true },
  };
}
