/** The table of controllers: a row each, in the order in which they start. */
import type { ControllerDefinition } from '../client/controller.ts';
import { bootstrapSignerController } from './bootstrap-signer/controller.ts';
import { clusterRoleAggregationController } from './clusterrole-aggregation/controller.ts';
import { cronJobController } from './cronjob/controller.ts';
import { csrApprovingController } from './csr-approving/controller.ts';
import { csrCleanerController } from './csr-cleaner/controller.ts';
import { csrSigningController, type SignCertificate } from './csr-signing/controller.ts';
import { daemonSetController } from './daemonset/controller.ts';
import { deploymentController } from './deployment/controller.ts';
import { disruptionController } from './disruption/controller.ts';
import { endpointsController } from './endpoints/controller.ts';
import { endpointSliceController } from './endpointslice/controller.ts';
import { endpointSliceMirroringController } from './endpointslicemirroring/controller.ts';
import { ephemeralVolumeController } from './ephemeral-volume/controller.ts';
import { garbageCollectorController } from './garbagecollector/controller.ts';
import { horizontalPodAutoscalerController } from './horizontalpodautoscaling/controller.ts';
import { jobController } from './job/controller.ts';
import { namespaceController } from './namespace/controller.ts';
import { nodeIpamController } from './nodeipam/controller.ts';
import { nodeLifecycleController } from './nodelifecycle/controller.ts';
import { persistentVolumeBinder } from './persistentvolume-binder/controller.ts';
import type { LocalVolumes } from './persistentvolume-binder/local-provisioner.ts';
import { persistentVolumeProtection } from './persistentvolume-protection/controller.ts';
import { persistentVolumeClaimProtection } from './persistentvolumeclaim-protection/controller.ts';
import { podGcController } from './podgc/controller.ts';
import { replicaSetController } from './replicaset/controller.ts';
import { replicationControllerController } from './replicationcontroller/controller.ts';
import { resourceQuotaController } from './resourcequota/controller.ts';
import { rootCaPublisher } from './root-ca-publisher/controller.ts';
import { serviceCidrsController } from './service-cidrs/controller.ts';
import { serviceAccountController } from './serviceaccount/controller.ts';
import { serviceAccountTokenController, type SignLegacyToken } from './serviceaccount-token/controller.ts';
import { serviceLoadBalancerController } from './service-lb/controller.ts';
import { statefulSetController } from './statefulset/controller.ts';
import { taintEvictionController } from './taint-eviction/controller.ts';
import { tokenCleanerController } from './token-cleaner/controller.ts';
import { ttlAfterFinishedController } from './ttl-after-finished/controller.ts';

export interface ControllersOptions {
  /** The pods' addresses, cut into one range a node: `10.244.0.0/16`. */
  readonly clusterCidr: string;
  /** Ranges of that size that no node gets: the first one holds the nodes' own addresses. */
  readonly reservedCidrs?: readonly string[];
  /** PEM of the CA that signed the API server's certificate. */
  readonly caCertificate: string;
  /** Signs certificates with the cluster's authority; left out: requests wait for another signer. */
  readonly signCertificate?: SignCertificate;
  /** Signs tokens for secrets of service accounts; left out: such secrets stay empty. */
  readonly signLegacyToken?: SignLegacyToken;
  /** Where claims get their volumes; left out: nowhere, and there is no standard storage class. */
  readonly localVolumes?: LocalVolumes;
}

export function controllers({ clusterCidr, reservedCidrs, caCertificate, localVolumes, signCertificate, signLegacyToken }: ControllersOptions): readonly ControllerDefinition[] {
  return [
    serviceAccountController,
    ...(signLegacyToken === undefined ? [] : [serviceAccountTokenController(caCertificate, signLegacyToken)]),
    bootstrapSignerController,
    tokenCleanerController,
    rootCaPublisher(caCertificate),
    nodeIpamController(clusterCidr, reservedCidrs),
    nodeLifecycleController,
    taintEvictionController,
    deploymentController,
    replicaSetController,
    replicationControllerController,
    statefulSetController,
    daemonSetController,
    jobController,
    cronJobController,
    horizontalPodAutoscalerController,
    persistentVolumeBinder(localVolumes),
    ephemeralVolumeController,
    persistentVolumeClaimProtection,
    persistentVolumeProtection,
    disruptionController,
    clusterRoleAggregationController,
    csrApprovingController,
    csrCleanerController,
    ...(signCertificate === undefined ? [] : [csrSigningController(signCertificate)]),
    serviceLoadBalancerController,
    serviceCidrsController,
    endpointSliceController,
    endpointSliceMirroringController,
    endpointsController,
    namespaceController,
    garbageCollectorController,
    podGcController,
    resourceQuotaController,
    ttlAfterFinishedController,
  ];
}
