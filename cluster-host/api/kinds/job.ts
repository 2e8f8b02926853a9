import { fill } from '../defaults/fill.ts';
import { setTemplateDefaults } from '../defaults/pod-spec.ts';
import type { V1Job, V1JobSpec } from '../generated/types.ts';
import type { PrintContext } from '../kind.ts';
import { nameLabel, uidLabel, validateIndexedName, validateJob, validateJobUpdate } from '../validation/job.ts';
import { validateJobStatus } from '../validation/job-status.ts';
import { ageColumn, humanDuration, text } from './columns.ts';
import { defineKind } from './define-kind.ts';
import { podNameWarnings, templateWarnings } from './pod-warnings.ts';
import { templateColumns } from './workload-columns.ts';

export const job = defineKind<V1Job>({
  group: 'batch',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  setDefaults(object) {
    const { spec, metadata } = object;
    if (spec === undefined) return;
    setJobSpecDefaults(spec);
    const labels = spec.template?.metadata?.labels;
    if (labels && metadata && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
  },
  prepareForCreate(object) {
    if (object.spec && object.spec.manualSelector !== true) generateSelector(object);
  },
  generationOf: ['spec'],
  *validate(object) {
    yield* validateJob(object);
    yield* validateIndexedName(object);
  },
  validateUpdate: validateJobUpdate,
  status: { validateUpdate: validateJobStatus },
  warnings: ({ metadata, spec }, old) => [...(old === undefined ? podNameWarnings(metadata?.name ?? '') : []), ...templateWarnings(spec?.template)],
  columns: [
    text('Status', 'What the job is doing.', statusOf),
    text('Completions', 'Pods that succeeded, of those wanted.', completionsText),
    text('Duration', 'How long it ran, or has been running.', durationText),
    ageColumn,
    ...templateColumns<V1Job>(),
  ],
});

function setJobSpecDefaults(spec: V1JobSpec): void {
  // A job for which nobody says how many is done once.
  if (spec.completions === undefined && spec.parallelism === undefined) fill(spec, { completions: 1, parallelism: 1 });
  const backoffLimit = spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  fill(spec, { parallelism: 1, backoffLimit, completionMode: 'NonIndexed', suspend: false });
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  for (const rule of spec.podFailurePolicy?.rules ?? []) for (const condition of rule.onPodConditions ?? []) fill(condition, { status: 'True' });
  setTemplateDefaults(spec.template);
}

/** Selects by the job's uid, so that no two jobs share a pod. */
function generateSelector({ metadata, spec }: V1Job): void {
  if (spec === undefined) return;
  const uid = metadata?.uid ?? '';
  const name = metadata?.name ?? '';
  spec.template ??= {};
  spec.template.metadata ??= {};
  const labels = (spec.template.metadata.labels ??= {});
  for (const [key, value] of Object.entries({ 'job-name': name, [nameLabel]: name, 'controller-uid': uid, [uidLabel]: uid })) labels[key] ??= value;
  spec.selector ??= {};
  const matchLabels = (spec.selector.matchLabels ??= {});
  matchLabels[uidLabel] ??= uid;
}

function hasCondition({ status }: V1Job, type: string): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

function statusOf(object: V1Job): string {
  for (const type of ['Complete', 'Failed']) if (hasCondition(object, type)) return type;
  if (object.metadata?.deletionTimestamp) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) if (hasCondition(object, type)) return type;
  return 'Running';
}

function completionsText({ spec, status }: V1Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: V1Job, { now }: PrintContext): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}
