/** What a job's status may say, and how it may go on from what it said before. What did not change is not asked about again. */
import type { FieldError } from '../field-error.ts';
import { duplicate, invalid, invalidUnshown, required } from '../field-errors.ts';
import type { V1Job, V1JobStatus } from '../generated/types.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { nonNegative, unchanged } from './errors.ts';

const terminal = ['Failed', 'Complete', 'FailureTarget'];

function has({ conditions = [] }: V1JobStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

function isFinished(status: V1JobStatus): boolean {
  return has(status, 'Complete') || has(status, 'Failed');
}

export function* validateJobStatus({ spec, status = {} }: V1Job, { status: old = {} }: V1Job): Errors {
  for (const name of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) yield* nonNegative(`status.${name}`, status[name]);
  const became = (type: string): boolean => has(status, type) && !has(old, type);
  const finished = isFinished(status);
  const differs = (name: keyof V1JobStatus): boolean => !equal(status[name], old[name]) || (finished && !isFinished(old));
  if (finished && differs('active') && (status.active ?? 0) > 0) yield invalid('status.active', status.active, 'active>0 is invalid for finished job');
  if (finished && differs('terminating') && (status.terminating ?? 0) > 0) yield invalid('status.terminating', status.terminating, 'terminating>0 is invalid for finished job');
  if (differs('ready') && (status.ready ?? 0) > (status.active ?? 0)) yield invalid('status.ready', status.ready, 'cannot set more ready pods than active');
  yield* validateUncounted(status, finished && differs('uncountedTerminatedPods'));
  yield* validateOutcome(status, became);
  yield* validateTimes(status, old, became('Complete'));
  if (differs('completedIndexes') && status.completedIndexes && spec?.completionMode !== 'Indexed') {
    yield invalid('status.completedIndexes', status.completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  }
  if (differs('failedIndexes') && status.failedIndexes !== undefined && spec?.backoffLimitPerIndex === undefined) {
    yield invalid('status.failedIndexes', status.failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  }
  yield* validateProgress(status, old, spec?.completionMode === 'Indexed');
}

function* validateUncounted({ uncountedTerminatedPods: pods = {} }: V1JobStatus, mustBeEmpty: boolean): Errors {
  const field = 'status.uncountedTerminatedPods';
  const { succeeded = [], failed = [] } = pods;
  if (mustBeEmpty && succeeded.length + failed.length > 0) yield invalid(field, pods, 'uncountedTerminatedPods needs to be empty for finished job');
  const seen = new Set<string>();
  for (const [list, uids] of Object.entries({ succeeded, failed })) {
    for (const [index, uid] of uids.entries()) {
      if (uid === '') yield invalid(`${field}.${list}[${index}]`, uid, 'must not be empty');
      else if (seen.has(uid)) yield duplicate(`${field}.${list}[${index}]`, uid);
      seen.add(uid);
    }
  }
}

function* validateOutcome(status: V1JobStatus, became: (type: string) => boolean): Errors {
  const wrong = (detail: string): FieldError => invalidUnshown('status.conditions', detail);
  const [complete, failed, doomed] = ['Complete', 'Failed', 'FailureTarget'].map((type) => has(status, type));
  if (complete && failed && (became('Complete') || became('Failed'))) yield wrong('cannot set Complete=True and Failed=true conditions');
  if (complete && doomed && (became('Complete') || became('FailureTarget'))) yield wrong('cannot set Complete=True and FailureTarget=true conditions');
  if (became('Failed') && !doomed) yield wrong('cannot set Failed=True condition without the FailureTarget=true condition');
  if (became('Complete') && !has(status, 'SuccessCriteriaMet')) yield wrong('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
}

function* validateTimes(status: V1JobStatus, old: V1JobStatus, becameComplete: boolean): Errors {
  const { startTime, completionTime } = status;
  const changed = completionTime !== old.completionTime;
  const at = 'status.completionTime';
  if (changed && completionTime !== undefined && !has(status, 'Complete')) yield invalid(at, completionTime, 'cannot set completionTime when there is no Complete=True condition');
  if (becameComplete && completionTime === undefined) yield required(at, 'completionTime is required for Complete jobs');
  if (changed && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) yield invalid(at, completionTime, 'completionTime cannot be set before startTime');
  if (isFinished(status) && !isFinished(old) && startTime === undefined) yield required('status.startTime', 'startTime is required for finished job');
  if (old.completionTime !== undefined) yield* unchanged(at, completionTime, old.completionTime);
}

/** What was reached is not taken back. Indexed jobs count again when they grow. */
function* validateProgress(status: V1JobStatus, old: V1JobStatus, indexed: boolean): Errors {
  for (const type of terminal) {
    if (has(old, type) && !has(status, type)) yield invalidUnshown('status.conditions', `cannot disable the terminal ${type}=True condition`);
  }
  if ((status.failed ?? 0) < (old.failed ?? 0)) yield invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter');
  if (!indexed && (status.succeeded ?? 0) < (old.succeeded ?? 0)) yield invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter');
}
