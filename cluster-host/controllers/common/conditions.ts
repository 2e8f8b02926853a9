/** Conditions of a status: one a type, with the time of its last change of status. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export function findCondition<T extends Condition>(conditions: readonly T[] | undefined, type: string): T | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Replaces the condition of its type, last in the list; keeps the old transition time while the status stays, and everything while the reason does too. */
export function withCondition<T extends Condition>(conditions: readonly T[] | undefined, condition: T): T[] {
  const known = findCondition(conditions, condition.type);
  if (known !== undefined && known.status === condition.status && known.reason === condition.reason) return [...(conditions ?? [])];
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : condition.lastTransitionTime;
  return [...withoutCondition(conditions, condition.type), { ...condition, lastTransitionTime }];
}

export function withoutCondition<T extends Condition>(conditions: readonly T[] | undefined, type: string): T[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
