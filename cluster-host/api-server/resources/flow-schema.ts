/** Flow schemas say whether the priority level that they name is there (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema). */
import type { V1FlowSchema, V1FlowSchemaCondition } from '../../api/generated/types.ts';
import { timestamp } from '../../api/time.ts';
import type { Registries } from '../registry/registries.ts';
import type { ResourceStrategy } from './strategy.ts';

export function flowSchemaStrategy(registries: () => Registries, now: () => number): ResourceStrategy {
  const tell = async (schema: V1FlowSchema): Promise<undefined> => {
    const name = schema.spec?.priorityLevelConfiguration?.name ?? '';
    const level = await registries().need('flowcontrol.apiserver.k8s.io', 'v1', 'prioritylevelconfigurations').find('', name);
    const others = (schema.status?.conditions ?? []).filter(({ type }) => type !== 'Dangling');
    schema.status = { ...schema.status, conditions: [...others, dangling(name, level !== undefined, timestamp(now()))] };
    return undefined;
  };
  return {
    beforeCreate: tell,
    beforeUpdate: async (schema: V1FlowSchema, old: V1FlowSchema) => {
      if (schema.spec?.priorityLevelConfiguration?.name !== old.spec?.priorityLevelConfiguration?.name) await tell(schema);
      return undefined;
    },
  };
}

function dangling(level: string, isThere: boolean, lastTransitionTime: string): V1FlowSchemaCondition {
  const message = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${isThere ? 'and it exists' : 'but there is no such object'}`;
  return { type: 'Dangling', status: isThere ? 'False' : 'True', lastTransitionTime, reason: isThere ? 'Found' : 'NotFound', message };
}
