/** Query parameters of the verbs, read and checked as Kubernetes does. */
import type { FieldError } from '../../api/field-error.ts';
import { forbidden, invalid as invalidField, notSupported } from '../../api/field-errors.ts';
import type { V1DeleteOptions } from '../../api/generated/types.ts';
import { badRequest, invalid } from '../failure.ts';
import { isTrue } from '../request-info.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
}

export const longestFieldManager = 128;

export function writeOptionsOf(query: URLSearchParams, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): WriteOptions {
  const dryRuns = query.getAll('dryRun');
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const errors: FieldError[] = [...dryRunErrors(dryRuns)];
  if (fieldManager.length > longestFieldManager) errors.push(invalidField('fieldManager', fieldManager, `may not be more than ${longestFieldManager} bytes`));
  if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(fieldManager)) errors.push(invalidField('fieldManager', fieldManager, 'should only contain printable characters'));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation)) errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']));
  refuse(kind, errors);
  return { dryRun: dryRuns.length > 0, fieldManager, fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation) };
}

function dryRunErrors(values: readonly string[]): readonly FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values.find((value) => value !== 'All') ?? '', ['All'])];
}

function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
}

/** Options of a deletion: the query counts where there is no body. */
export function deleteOptionsOf(query: URLSearchParams, body: V1DeleteOptions | undefined): V1DeleteOptions {
  const options: V1DeleteOptions = body ?? {
    ...(query.has('gracePeriodSeconds') ? { gracePeriodSeconds: numberOf(query, 'gracePeriodSeconds') } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: isTrue(query.get('orphanDependents')) } : {}),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') ?? '' } : {}),
  };
  const dryRun = [...(options.dryRun ?? []), ...query.getAll('dryRun')];
  const errors: FieldError[] = [...dryRunErrors(dryRun)];
  const { propagationPolicy, orphanDependents } = options;
  if (propagationPolicy !== undefined && orphanDependents !== undefined) errors.push(invalidField('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    errors.push(notSupported('propagationPolicy', propagationPolicy, ['Background', 'Foreground', 'Orphan', 'nil']));
  }
  refuse('DeleteOptions', errors);
  return { ...options, ...(dryRun.length > 0 ? { dryRun } : {}) };
}

function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (text === '') return 0;
  if (!/^-?\d{1,15}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continue: string;
  /** As sent: empty, `0`, or a revision. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  /** 0: the server chooses. */
  readonly timeoutSeconds: number;
}

export function listOptionsOf(query: URLSearchParams, watch: boolean): ListOptions {
  const options: ListOptions = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: numberOf(query, 'limit'),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
    sendInitialEvents: query.has('sendInitialEvents') ? isTrue(query.get('sendInitialEvents')) : undefined,
    timeoutSeconds: numberOf(query, 'timeoutSeconds'),
  };
  if (!/^\d{0,15}$/.test(options.resourceVersion)) {
    const problem = invalidField('resourceVersion', options.resourceVersion, `strconv.ParseUint: parsing "${options.resourceVersion}": invalid syntax`);
    throw watch ? badRequest(`Invalid resource version: ${problem.message}`) : invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [problem]);
  }
  refuse('ListOptions', watch ? watchErrors(options) : listErrors(options));
  return options;
}

function listErrors({ resourceVersion, resourceVersionMatch: match, continue: token, sendInitialEvents }: ListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (token !== '') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && resourceVersion === '0') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (sendInitialEvents !== undefined) errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return errors;
}

function watchErrors({ resourceVersionMatch: match, sendInitialEvents }: ListOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    errors.push(forbidden('resourceVersionMatch', `sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`));
  }
  if (match !== '' && sendInitialEvents === undefined) errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan', '']));
  return errors;
}
