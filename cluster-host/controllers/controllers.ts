/** The table of controllers: a row each, in the order in which they start. */
import type { ControllerDefinition } from '../client/controller.ts';
import { deploymentController } from './deployment/controller.ts';
import { endpointsController } from './endpoints/controller.ts';
import { endpointSliceController } from './endpointslice/controller.ts';
import { replicaSetController } from './replicaset/controller.ts';
import { replicationControllerController } from './replicationcontroller/controller.ts';

export function controllers(): readonly ControllerDefinition[] {
  return [deploymentController, replicaSetController, replicationControllerController, endpointSliceController, endpointsController];
}
