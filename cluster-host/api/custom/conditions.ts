/** Conditions of a CustomResourceDefinition, in Kubernetes' words. */
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionCondition } from '../generated/types.ts';
import { quote } from '../text.ts';
import { equal } from '../values.ts';
import { acceptNames } from './names.ts';

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

type Status = NonNullable<V1CustomResourceDefinition['status']>;
type Condition = Omit<V1CustomResourceDefinitionCondition, 'lastTransitionTime'>;

export function hasCondition({ status }: V1CustomResourceDefinition, type: string): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

/** The conditions with one of them new; its time changes with its status only. */
export function withCondition(conditions: readonly V1CustomResourceDefinitionCondition[] = [], condition: Condition, now: string): V1CustomResourceDefinitionCondition[] {
  const old = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status && old.lastTransitionTime !== undefined ? old.lastTransitionTime : now;
  const next = { lastTransitionTime, ...condition };
  return old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one));
}

/** The status that a definition should have beside the others of the cluster; its own where nothing is to change. */
export function settledStatus(definition: V1CustomResourceDefinition, others: readonly V1CustomResourceDefinition[], now: string): Status {
  const status: Status = definition.status ?? {};
  const { names, conflict } = acceptNames(definition, others);
  const named: Condition = conflict === undefined ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' } : { type: 'NamesAccepted', status: 'False', ...conflict };
  let conditions = withCondition(status.conditions, named, now);
  if (!hasCondition(definition, 'Established')) {
    const established: Condition =
      conflict === undefined
        ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
        : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
    conditions = withCondition(conditions, established, now);
  }
  const approval = approvalOf(definition.metadata?.annotations, definition.spec.group);
  if (approval !== undefined) conditions = withCondition(conditions, approval, now);
  const next = { ...status, acceptedNames: names, conditions };
  return equal(next, status) ? status : next;
}

const terminating = {
  pending: { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon' },
  inProgress: { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' },
  completed: { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' },
  neverEstablished: { type: 'Terminating', status: 'False', reason: 'NeverEstablished', message: 'resource was never established' },
} as const;

/** The definition's status at a step of its deletion. */
export function terminatingStatus({ status = {} }: V1CustomResourceDefinition, step: keyof typeof terminating, now: string): Status {
  return { ...status, conditions: withCondition(status.conditions, terminating[step], now) };
}

/** Whether a definition in a group of the Kubernetes project may be there (KEP-1111); undefined for other groups. */
export function approvalOf(annotations: Readonly<Record<string, string>> = {}, group: string): (Condition & { readonly reason: string; readonly message: string }) | undefined {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return undefined;
  const annotation = annotations[approvedAnnotation] ?? '';
  const condition = (status: string, reason: string, message: string): ReturnType<typeof approvalOf> => ({ type: 'KubernetesAPIApprovalPolicyConformant', status, reason, message });
  const wanted = `protected groups must have approval annotation "${approvedAnnotation}"`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (annotation === '') return condition('False', 'MissingAnnotation', `${wanted}, ${see}`);
  if (annotation.startsWith('unapproved')) return condition('False', 'UnapprovedAnnotation', `not approved: ${quote(annotation)}`);
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+/i.test(annotation)) return condition('True', 'ApprovedAnnotation', `approved in ${annotation}`);
  return condition('False', 'InvalidAnnotation', `${wanted} with either a URL or a reason starting with "unapproved", ${see}`);
}

const approvedAnnotation = 'api-approved.kubernetes.io';
