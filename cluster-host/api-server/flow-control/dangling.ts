/** Each flow schema says whether the level that it refers to is there. */
import type { V1FlowSchema } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/object.ts';
import { timestamp } from '../../api/time.ts';
import { apiServerUser } from '../bootstrap/bootstrap.ts';
import { hasReason } from '../failure.ts';
import type { Registry } from '../registry/registry.ts';

const fieldManager = 'api-priority-and-fairness-config-consumer-v1';

/** Brings the condition up to date where it is not. Never rejects: the next change of anything here tries again. */
export async function tellDangling(registry: Registry, schemas: readonly V1FlowSchema[], levels: ReadonlySet<string>, now: number): Promise<void> {
  const context = { user: apiServerUser, dryRun: false, fieldManager, warn: () => undefined };
  const outdated = schemas.filter((schema) => withCondition(schema, levels, now) !== schema);
  await Promise.all(
    outdated.map((schema) =>
      registry
        .update('', schema.metadata?.name ?? '', { subresource: 'status', next: (current) => withCondition(current as V1FlowSchema & KubeObject, levels, now) as KubeObject }, context)
        .catch((error: unknown) => {
          if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error;
        }),
    ),
  ).catch(() => undefined);
}

/** The schema itself where its condition is right. */
function withCondition(schema: V1FlowSchema, levels: ReadonlySet<string>, now: number): V1FlowSchema {
  const level = schema.spec?.priorityLevelConfiguration.name ?? '';
  const found = levels.has(level);
  const others = (schema.status?.conditions ?? []).filter(({ type }) => type !== 'Dangling');
  const [old] = (schema.status?.conditions ?? []).filter(({ type }) => type === 'Dangling');
  const status = found ? 'False' : 'True';
  const message = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${found ? 'and it exists' : 'but there is no such object'}`;
  if (old?.status === status && old.message === message) return schema;
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now);
  const condition = { type: 'Dangling', status, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }), reason: found ? 'Found' : 'NotFound', message };
  return { ...schema, status: { ...schema.status, conditions: [...others, condition] } };
}
