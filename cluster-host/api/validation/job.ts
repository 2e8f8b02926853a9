/** Jobs, and the templates of jobs that CronJobs have (https://kubernetes.io/docs/concepts/workloads/controllers/job/). */
import { duplicate, invalid, invalidUnshown, notSupported, required, tooLong, tooMany } from '../field-errors.ts';
import type { V1Job, V1JobSpec, V1PodFailurePolicy, V1PodFailurePolicyRule } from '../generated/types.ts';
import { checkDnsLabel } from '../names.ts';
import { matchesLabels, selectorOf } from '../selectors/label-selector.ts';
import { byteLength, quote } from '../text.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { nonNegative, optionalOneOf, qualifiedName, requiredOneOf, unchanged } from './errors.ts';
import { validateSuccessPolicy } from './job-success.ts';
import { validateLabelSelector } from './label-selector.ts';
import { validatePodTemplate } from './pod-template.ts';
import { validateHttpDomainPath } from './signer-name.ts';

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;
const maxIndexedParallelism = 100_000;
const maxFailedIndexes = 100_000;
/** With so many completions and a limit for each index, less may run, and fail, at once (KEP-3850). */
const manyCompletions = 100_000;
const maxOfMany = 10_000;
const maxRules = 20;
const maxManagerLength = 63;

export const uidLabel = 'batch.kubernetes.io/controller-uid';
export const nameLabel = 'batch.kubernetes.io/job-name';

export function* validateJob(job: V1Job): Errors {
  const { spec } = job;
  if (!spec) return;
  yield* validateGeneratedSelector(job);
  yield* validateJobSpec(spec, 'spec');
  if (spec.selector) yield* validateLabelSelector(spec.selector, 'spec.selector');
  else yield required('spec.selector');
  const selector = selectorOf(spec.selector ?? undefined);
  const labels = spec.template?.metadata?.labels ?? {};
  if (selector.ok && !matchesLabels(selector.value, labels)) yield invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
}

/** Pods of an indexed job get its name and their index for a hostname. */
export function* validateIndexedName({ metadata, spec }: V1Job): Errors {
  const { completionMode, completions = 0 } = spec ?? {};
  const name = metadata?.name ?? '';
  const longest = `${name}-${completions - 1}`;
  if (completionMode === 'Indexed' && completions > 0 && checkDnsLabel(longest).length > 0) {
    yield invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`);
  }
}

/** A selector that is not the user's own has to be the one that is made of the job's uid. */
function* validateGeneratedSelector({ metadata, spec }: V1Job): Errors {
  if (!spec?.selector || spec.manualSelector === true) return;
  const uid = metadata?.uid ?? '';
  const labels = spec.template?.metadata?.labels ?? {};
  const name = metadata?.name ?? '';
  const expected = { 'controller-uid': uid, 'job-name': name, [uidLabel]: uid, [nameLabel]: name };
  for (const [key, value] of Object.entries(expected)) {
    const field = `spec.template.metadata.labels[${key}]`;
    if (labels[key] === undefined) yield required(field, `must be '${value}'`);
    else if (labels[key] !== value) yield invalid(field, labels, `must be '${value}'`);
  }
  const selector = selectorOf(spec.selector);
  if (selector.ok && !matchesLabels(selector.value, expected)) yield invalid('spec.selector', spec.selector, '`selector` not auto-generated');
}

export function* validateJobSpec(spec: V1JobSpec, field: string): Errors {
  for (const name of counts) yield* nonNegative(`${field}.${name}`, spec[name]);
  if (spec.managedBy !== undefined) {
    yield* validateHttpDomainPath(`${field}.managedBy`, spec.managedBy);
    if (byteLength(spec.managedBy) > maxManagerLength) yield tooLong(`${field}.managedBy`, maxManagerLength);
  }
  yield* optionalOneOf(`${field}.completionMode`, spec.completionMode, ['NonIndexed', 'Indexed']);
  yield* validateIndexes(spec, field);
  if (spec.podFailurePolicy) yield* validateFailurePolicy(spec, spec.podFailurePolicy, `${field}.podFailurePolicy`);
  if (spec.successPolicy) yield* validateSuccessPolicy(spec, spec.successPolicy, `${field}.successPolicy`);
  yield* optionalOneOf(`${field}.podReplacementPolicy`, spec.podReplacementPolicy, spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed']);
  yield* validatePodTemplate(spec.template ?? {}, `${field}.template`);
  yield* validateRestartPolicy(spec, `${field}.template.spec.restartPolicy`);
}

function* validateIndexes(spec: V1JobSpec, field: string): Errors {
  const { completionMode, backoffLimitPerIndex, maxFailedIndexes: failures } = spec;
  if (failures !== undefined && backoffLimitPerIndex === undefined) yield required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
  if (completionMode === 'Indexed') {
    yield* validateIndexed(spec, field);
    return;
  }
  if (backoffLimitPerIndex !== undefined) yield invalid(`${field}.backoffLimitPerIndex`, backoffLimitPerIndex, 'requires indexed completion mode');
  if (failures !== undefined) yield invalid(`${field}.maxFailedIndexes`, failures, 'requires indexed completion mode');
}

function* validateIndexed({ completions, parallelism = 0, backoffLimitPerIndex, maxFailedIndexes: failures }: V1JobSpec, field: string): Errors {
  if (completions === undefined) yield required(`${field}.completions`, 'when completion mode is Indexed');
  if (parallelism > maxIndexedParallelism) yield invalid(`${field}.parallelism`, parallelism, `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`);
  const at = `${field}.maxFailedIndexes`;
  if (failures !== undefined && completions !== undefined && failures > completions) yield invalid(at, failures, 'must be less than or equal to completions');
  if (failures !== undefined && failures > maxFailedIndexes) yield invalid(at, failures, `must be less than or equal to ${maxFailedIndexes}`);
  if (completions === undefined || completions <= manyCompletions || backoffLimitPerIndex === undefined) return;
  const detail = `must be less than or equal to ${maxOfMany} when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (failures === undefined) yield required(at, `must be specified when completions is above ${manyCompletions}`);
  if (parallelism > maxOfMany) yield invalid(`${field}.parallelism`, parallelism, detail);
  if (failures !== undefined && failures > maxOfMany) yield invalid(at, failures, detail);
}

function* validateRestartPolicy({ template, podFailurePolicy }: V1JobSpec, field: string): Errors {
  const policy = template?.spec?.restartPolicy ?? '';
  const allowed = ['OnFailure', 'Never'];
  // Always is what an absent policy has become by default.
  if (policy === '' || policy === 'Always') yield required(field, `valid values: ${allowed.map(quote).join(', ')}`);
  else if (!allowed.includes(policy)) yield notSupported(field, policy, allowed);
  else if (podFailurePolicy && policy !== 'Never') yield invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified');
}

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

function* validateFailurePolicy(spec: V1JobSpec, { rules }: V1PodFailurePolicy, field: string): Errors {
  const containers = new Set([...(spec.template?.spec?.containers ?? []), ...(spec.template?.spec?.initContainers ?? [])].map(({ name }) => name));
  if ((rules ?? []).length > maxRules) yield tooMany(`${field}.rules`, rules.length, maxRules);
  for (const [index, rule] of (rules ?? []).entries()) yield* validateFailureRule(rule, spec, containers, `${field}.rules[${index}]`);
}

function* validateFailureRule(rule: V1PodFailurePolicyRule, spec: V1JobSpec, containers: ReadonlySet<string>, field: string): Errors {
  yield* requiredOneOf(`${field}.action`, rule.action, actions, `valid values: ${actions.map(quote).join(', ')}`);
  if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) yield invalid(`${field}.action`, rule.action, 'requires the backoffLimitPerIndex to be set');
  const { onExitCodes, onPodConditions = [] } = rule;
  if (onExitCodes) {
    const at = `${field}.onExitCodes`;
    yield* requiredOneOf(`${at}.operator`, onExitCodes.operator, ['In', 'NotIn'], 'valid values: "In", "NotIn"');
    const { containerName, values } = onExitCodes;
    if (containerName !== undefined && !containers.has(containerName)) yield invalid(`${at}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template');
    yield* validateExitCodes(values ?? [], onExitCodes.operator, `${at}.values`);
  }
  if (onPodConditions.length > maxRules) yield tooMany(`${field}.onPodConditions`, onPodConditions.length, maxRules);
  for (const [index, { type, status }] of onPodConditions.entries()) {
    yield* qualifiedName(`${field}.onPodConditions[${index}].type`, type ?? '');
    yield* requiredOneOf(`${field}.onPodConditions[${index}].status`, status, ['False', 'True', 'Unknown'], 'valid values: "False", "True", "Unknown"');
  }
  if (onExitCodes && onPodConditions.length > 0) yield invalidUnshown(field, 'specifying both OnExitCodes and OnPodConditions is not supported');
  if (!onExitCodes && onPodConditions.length === 0) yield invalidUnshown(field, 'specifying one of OnExitCodes and OnPodConditions is required');
}

function* validateExitCodes(codes: readonly number[], operator: string, field: string): Errors {
  if (codes.length === 0) yield invalid(field, codes, 'at least one value is required');
  else if (codes.length > 255) yield tooMany(field, codes.length, 255);
  for (const [index, code] of codes.entries()) {
    if (operator === 'In' && code === 0) yield invalid(`${field}[${index}]`, code, 'must not be 0 for the In operator');
    if (codes.indexOf(code) < index) yield duplicate(`${field}[${index}]`, code);
  }
  if (codes.some((code, index) => index > 0 && code < (codes[index - 1] ?? 0))) yield invalid(field, codes, 'must be ordered');
}

/** What of a job is fixed: its work, but not how many run at once, nor, while it is suspended, where its pods may go. */
export function* validateJobUpdate(job: V1Job, old: V1Job): Errors {
  const spec = job.spec;
  const before = old.spec;
  yield* validateJob(job);
  if (!spec || !before) return;
  yield* validateCompletions(spec, before);
  yield* unchanged('spec.selector', spec.selector, before.selector);
  const template = isSuspended(old) && before.suspend === true ? withSchedulingOf(spec.template, before.template) : spec.template;
  if (!equal(template, before.template)) yield* unchanged('spec.template', spec.template, before.template);
  for (const name of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const) {
    yield* unchanged(`spec.${name}`, spec[name], before[name]);
  }
}

function* validateCompletions(spec: V1JobSpec, old: V1JobSpec): Errors {
  if (old.completions === spec.completions) return;
  const elastic = spec.completionMode === 'Indexed' && spec.completions !== undefined && spec.completions === spec.parallelism;
  if (old.completionMode !== 'Indexed') yield* unchanged('spec.completions', spec.completions, old.completions);
  else if (!elastic) yield invalid('spec.completions', spec.completions ?? null, 'can only be modified in tandem with spec.parallelism');
}

function isSuspended({ status }: V1Job): boolean {
  return status?.startTime === undefined || (status.conditions ?? []).some(({ type, status: value }) => type === 'Suspended' && value === 'True');
}

type Template = V1JobSpec['template'];

function withSchedulingOf(template: Template, old: Template): Template {
  if (!template?.spec || !old?.spec) return template;
  const { nodeSelector, tolerations, schedulingGates } = old.spec;
  const nodeAffinity = old.spec.affinity?.nodeAffinity;
  const affinity = template.spec.affinity || nodeAffinity ? { ...template.spec.affinity, nodeAffinity } : undefined;
  const kept = Object.values(affinity ?? {}).some((value) => value !== undefined) ? affinity : undefined;
  const metadata = { ...template.metadata, labels: old.metadata?.labels, annotations: old.metadata?.annotations };
  return { ...template, metadata, spec: { ...template.spec, nodeSelector, tolerations, schedulingGates, affinity: kept ?? old.spec.affinity } };
}
