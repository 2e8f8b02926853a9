/** What all pods of a node share. */
import type { V1Pod, V1Service } from '../../api/generated/types.ts';
import type { ClusterDns } from '../containers/network-files.ts';
import type { NodeFacts } from '../containers/field-values.ts';
import type { EventRecorder } from '../../client/events.ts';
import type { Clock, Logger } from '../../platform/platform.ts';
import type { Images } from '../images/images.ts';
import type { NetworkActions } from '../probes/probe-actions.ts';
import type { ContainerRuntime, RuntimeInfo } from '../runtime/runtime.ts';
import type { PodFiles } from '../volumes/pod-files.ts';
import type { ServiceAccountTokens } from '../volumes/tokens.ts';
import type { VolumeSources } from '../volumes/volumes.ts';
import type { ResizeRefusal } from './allocation.ts';
import type { PodAddresses } from '../node/pod-addresses.ts';

export interface PodSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly runtimeInfo: RuntimeInfo;
  readonly files: PodFiles;
  readonly network: NetworkActions;
  readonly images: Images;
  readonly tokens: ServiceAccountTokens;
  readonly addresses: PodAddresses;
  readonly dns: ClusterDns;
  readonly node: Omit<NodeFacts, 'podIp'>;
  /** The objects of the pod's namespace, asked of the API server where no informer has them yet. */
  sources(pod: V1Pod): Promise<VolumeSources>;
  services(pod: V1Pod): readonly V1Service[];
  /** Why the node cannot give the pod the resources that it asks for now. */
  resizeRefusal(pod: V1Pod): ResizeRefusal | undefined;
  /** Handler of the pod's RuntimeClass; empty for the runtime's own. Rejects where there is no such class. */
  runtimeHandler(pod: V1Pod): Promise<string>;
}
