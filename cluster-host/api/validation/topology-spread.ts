/** How the pods of a workload are spread over the cluster. */
import { duplicate, forbidden, invalid, required } from '../field-errors.ts';
import type { V1TopologySpreadConstraint } from '../generated/types.ts';
import type { Errors } from './errors.ts';
import { oneOf, optionalOneOf, qualifiedName } from './errors.ts';
import { validateLabelSelector } from './label-selector.ts';

const notPositive = 'must be greater than zero';

export function* validateTopologySpread(constraints: readonly V1TopologySpreadConstraint[], field: string): Errors {
  for (const [index, constraint] of constraints.entries()) {
    const at = `${field}[${index}]`;
    const { maxSkew = 0, topologyKey, whenUnsatisfiable = '' } = constraint;
    if (maxSkew <= 0) yield invalid(`${at}.maxSkew`, maxSkew, notPositive);
    if (!topologyKey) yield required(`${at}.topologyKey`, 'can not be empty');
    yield* oneOf(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
    const repeated = constraints.slice(index + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === constraint.whenUnsatisfiable);
    if (repeated) yield duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`);
    yield* validateMinDomains(constraint, `${at}.minDomains`);
    yield* optionalOneOf(`${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, ['Honor', 'Ignore']);
    yield* optionalOneOf(`${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, ['Honor', 'Ignore']);
    yield* validateMatchLabelKeys(constraint, `${at}.matchLabelKeys`);
    yield* validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`);
  }
}

function* validateMinDomains({ minDomains, whenUnsatisfiable = '' }: V1TopologySpreadConstraint, field: string): Errors {
  if (minDomains === undefined) return;
  if (minDomains <= 0) yield invalid(field, minDomains, notPositive);
  if (whenUnsatisfiable !== 'DoNotSchedule') {
    yield invalid(field, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`);
  }
}

function* validateMatchLabelKeys({ matchLabelKeys = [], labelSelector }: V1TopologySpreadConstraint, field: string): Errors {
  if (matchLabelKeys.length === 0) return;
  if (labelSelector === undefined) yield forbidden(field, 'must not be specified when labelSelector is not set');
  const selected = new Set([...Object.keys(labelSelector?.matchLabels ?? {}), ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key)]);
  for (const [index, key] of matchLabelKeys.entries()) {
    yield* qualifiedName(`${field}[${index}]`, key);
    if (selected.has(key)) yield invalid(`${field}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector');
  }
}
