/**
 * What a job's status may say, and how it may go on from what it said before. What did not change is not asked about again, so that
 * a status from before a rule can still be brought on.
 */
import type { FieldError } from '../field-error.ts';
import { duplicate, invalid, invalidUnshown, required } from '../field-errors.ts';
import type { V1Job, V1JobSpec, V1JobStatus } from '../generated/types.ts';
import { equal } from './equality.ts';
import type { Errors } from './errors.ts';
import { nonNegative } from './errors.ts';
import { indexesProblem, sharedIndex } from './job-success.ts';

const terminal = ['Failed', 'Complete', 'FailureTarget'];

/** A status beside the one before it. */
class Change {
  readonly spec: Partial<V1JobSpec>;
  readonly status: V1JobStatus;
  readonly old: V1JobStatus;

  constructor(job: V1Job, old: V1Job) {
    this.spec = job.spec ?? {};
    this.status = job.status ?? {};
    this.old = old.status ?? {};
  }

  is(type: string): boolean {
    return isTrue(this.status, type);
  }

  was(type: string): boolean {
    return isTrue(this.old, type);
  }

  get finished(): boolean {
    return this.is('Complete') || this.is('Failed');
  }

  /** Whether one of the conditions became another, or the fields did. */
  touches(conditions: readonly string[], ...fields: readonly (keyof V1JobStatus)[]): boolean {
    return conditions.some((type) => this.is(type) !== this.was(type)) || fields.some((field) => !equal(this.status[field], this.old[field]));
  }
}

function isTrue({ conditions = [] }: V1JobStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

const ends = ['Complete', 'Failed'];

function wrong(detail: string): FieldError {
  return invalidUnshown('status.conditions', detail);
}

export function* validateJobStatus(job: V1Job, old: V1Job): Errors {
  const change = new Change(job, old);
  for (const name of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) yield* nonNegative(`status.${name}`, change.status[name]);
  yield* validateUncounted(change.status);
  yield* validateEnd(change);
  yield* validateIndexes(change);
  yield* validateNumbers(change);
  yield* validateCriteria(change);
  yield* validateProgress(change);
}

function* validateUncounted({ uncountedTerminatedPods: { succeeded = [], failed = [] } = {} }: V1JobStatus): Errors {
  const seen = new Set<string>();
  for (const [list, uids] of Object.entries({ succeeded, failed })) {
    for (const [index, uid] of uids.entries()) {
      const at = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === '') yield invalid(at, uid, 'must not be empty');
      else if (seen.has(uid)) yield duplicate(at, uid);
      seen.add(uid);
    }
  }
}

/** Whether it is over, and when. */
function* validateEnd(change: Change): Errors {
  const { startTime, completionTime } = change.status;
  const [complete, failed, doomed] = ['Complete', 'Failed', 'FailureTarget'].map((type) => change.is(type));
  const at = 'status.completionTime';
  if (change.touches(ends) && complete && failed) yield wrong('cannot set Complete=True and Failed=true conditions');
  if (change.touches(['Complete', 'FailureTarget']) && complete && doomed) yield wrong('cannot set Complete=True and FailureTarget=true conditions');
  if (change.touches(['Complete'], 'completionTime')) {
    if (completionTime !== undefined && !complete) yield invalid(at, completionTime, 'cannot set completionTime when there is no Complete=True condition');
    if (completionTime === undefined && complete) yield required(at, 'completionTime is required for Complete jobs');
  }
  if (change.touches([], 'startTime', 'completionTime') && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime)) {
    yield invalid(at, completionTime, 'completionTime cannot be set before startTime');
  }
  if (change.touches(['Failed', 'FailureTarget']) && failed && !doomed) yield wrong('cannot set Failed=True condition without the FailureTarget=true condition');
  if (change.touches(['Complete', 'SuccessCriteriaMet']) && complete && !change.is('SuccessCriteriaMet')) {
    yield wrong('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  }
  yield* validateFinished(change);
}

function* validateFinished(change: Change): Errors {
  const { spec, status } = change;
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if (!change.finished) return;
  if (change.touches(ends, 'active') && active > 0) yield invalid('status.active', active, 'active>0 is invalid for finished job');
  const neverStarted = spec.suspend === true && spec.completions === 0;
  if (change.touches(ends, 'startTime') && startTime === undefined && !neverStarted) yield required('status.startTime', 'startTime is required for finished job');
  const left = (uncounted?.failed ?? []).length + (uncounted?.succeeded ?? []).length;
  if (change.touches(ends, 'uncountedTerminatedPods') && left > 0) yield invalid('status.uncountedTerminatedPods', uncounted, 'uncountedTerminatedPods needs to be empty for finished job');
}

function* validateIndexes(change: Change): Errors {
  const { spec, status } = change;
  const { completions } = spec;
  const { completedIndexes = '', failedIndexes } = status;
  const [completed, failed] = ['status.completedIndexes', 'status.failedIndexes'];
  if (change.touches([], 'completedIndexes')) {
    const problem = completions === undefined ? undefined : indexesProblem(completedIndexes, completions);
    if (problem !== undefined) yield invalid(completed, completedIndexes, `error parsing completedIndexes: ${problem}`);
    if (completedIndexes !== '' && spec.completionMode !== 'Indexed') yield invalid(completed, completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  }
  if (failedIndexes === undefined) return;
  if (change.touches([], 'failedIndexes')) {
    const problem = completions === undefined || spec.backoffLimitPerIndex === undefined ? undefined : indexesProblem(failedIndexes, completions);
    if (problem !== undefined) yield invalid(failed, failedIndexes, `error parsing failedIndexes: ${problem}`);
    if (spec.backoffLimitPerIndex === undefined) yield invalid(failed, failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  }
  const shared = completions !== undefined && change.touches([], 'completedIndexes', 'failedIndexes') ? sharedIndex(completedIndexes, failedIndexes, completions) : undefined;
  if (shared !== undefined) yield invalid(failed, failedIndexes, `failedIndexes and completedIndexes overlap at index: ${shared}`);
}

function* validateNumbers(change: Change): Errors {
  const { ready = 0, active = 0, terminating = 0 } = change.status;
  if (change.touches(ends, 'terminating') && terminating > 0 && change.finished) yield invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job');
  if (change.touches([], 'ready', 'active') && ready > active) yield invalid('status.ready', ready, 'cannot set more ready pods than active');
}

function* validateCriteria(change: Change): Errors {
  const met = change.is('SuccessCriteriaMet');
  if (met && change.is('Failed')) yield wrong('cannot set SuccessCriteriaMet=True and Failed=true conditions');
  if (met && change.is('FailureTarget')) yield wrong('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  if (change.spec.successPolicy && !met && change.is('Complete')) yield wrong('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True');
}

/** What was reached is not taken back. An indexed job that grows and shrinks as a whole counts anew. */
function* validateProgress(change: Change): Errors {
  const { spec, status, old } = change;
  for (const type of terminal) if (change.was(type) && !change.is(type)) yield wrong(`cannot disable the terminal ${type}=True condition`);
  if ((status.failed ?? 0) < (old.failed ?? 0)) yield invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter');
  const elastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!elastic && (status.succeeded ?? 0) < (old.succeeded ?? 0)) yield invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter');
  if (status.completionTime !== undefined && old.completionTime !== undefined && status.completionTime !== old.completionTime) {
    yield invalid('status.completionTime', status.completionTime, 'completionTime cannot be mutated');
  }
  const resumed = change.was('Suspended') || spec.suspend === true;
  if (old.startTime !== undefined && status.startTime !== old.startTime && !resumed) yield required('status.startTime', 'startTime cannot be removed for unsuspended job');
  if (change.was('SuccessCriteriaMet') && !change.is('SuccessCriteriaMet')) yield wrong('cannot disable the SuccessCriteriaMet=True condition');
  if (change.was('Complete') && !change.was('SuccessCriteriaMet') && change.is('SuccessCriteriaMet')) yield wrong('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
}
