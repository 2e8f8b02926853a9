/** ReplicationController: a ReplicaSet whose selector is a plain map of labels (kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller). */
import type { V1ReplicationController } from '../../api/generated/types.ts';
import { nothing, selectorOfLabels } from '../../api/selectors/label-selector.ts';
import { replicationControllers } from '../../client/resources.ts';
import { replicaController } from '../replicaset/controller.ts';

export const replicationControllerController = replicaController<V1ReplicationController>({
  name: 'replicationcontroller',
  serviceAccount: 'replication-controller',
  eventSource: 'replication-controller',
  resource: replicationControllers,
  selectorOf: ({ spec }) => (Object.keys(spec?.selector ?? {}).length === 0 ? nothing : selectorOfLabels(spec?.selector)),
  statusOf: (status) => ({ ...status, terminatingReplicas: undefined }),
});
