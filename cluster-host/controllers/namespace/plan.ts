/** What a namespace that is going reports, in Kubernetes' words. Pure. */
import type { V1NamespaceCondition } from '../../api/generated/types.ts';
import type { Resource } from '../../api/object.ts';
import { withCondition } from '../common/conditions.ts';
import { timestamp } from '../../api/time.ts';

/** What is left of one resource. */
export interface Remainder {
  readonly resource: Resource;
  readonly count: number;
  /** How many of them wait for each finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
}

export interface DeletionProgress {
  readonly discoveryFailures: readonly string[];
  readonly contentFailures: readonly string[];
  readonly remainders: readonly Remainder[];
}

export function deletionConditions(known: readonly V1NamespaceCondition[] | undefined, progress: DeletionProgress, now: number): V1NamespaceCondition[] {
  const { discoveryFailures, contentFailures, remainders } = progress;
  const left = remainders.filter(({ count }) => count > 0);
  const finalizers = new Map<string, number>();
  for (const remainder of left) for (const [name, count] of remainder.finalizers) finalizers.set(name, (finalizers.get(name) ?? 0) + count);
  const rows: readonly [type: string, bad: boolean, good: [string, string], wrong: [string, string]][] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      discoveryFailures.length > 0,
      ['ResourcesDiscovered', 'All resources successfully discovered'],
      ['DiscoveryFailed', `Discovery failed for some groups, ${discoveryFailures.length} failing: ${discoveryFailures.join(', ')}`],
    ],
    ['NamespaceDeletionGroupVersionParsingFailure', false, ['ParsedGroupVersions', 'All legacy kube types successfully parsed'], ['', '']],
    [
      'NamespaceDeletionContentFailure',
      contentFailures.length > 0,
      ['ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
      ['ContentDeletionFailed', `Failed to delete all resource types, ${contentFailures.length} remaining: ${contentFailures.join(', ')}`],
    ],
    ['NamespaceContentRemaining', left.length > 0, ['ContentRemoved', 'All content successfully removed'], ['SomeResourcesRemain', `Some resources are remaining: ${sorted(left.map(instances))}`]],
    [
      'NamespaceFinalizersRemaining',
      finalizers.size > 0,
      ['ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
      ['SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${sorted([...finalizers].map(([name, count]) => `${name} in ${count} resource instances`))}`],
    ],
  ];
  let conditions = [...(known ?? [])];
  for (const [type, bad, good, wrong] of rows) {
    const [reason, message] = bad ? wrong : good;
    const before = conditions.find((condition) => condition.type === type);
    const lastTransitionTime = timestamp(now);
    if (before?.message !== message || before.reason !== reason) conditions = withCondition(conditions.filter((one) => one !== before), { type, status: bad ? 'True' : 'False', reason, message, lastTransitionTime: before?.status === (bad ? 'True' : 'False') ? before.lastTransitionTime : lastTransitionTime });
  }
  return conditions;
}

function instances({ resource, count }: Remainder): string {
  return `${resource.plural}.${resource.group} has ${count} resource instances`;
}

function sorted(texts: readonly string[]): string {
  return texts.toSorted().join(', ');
}
