/** Options of `pods/log`: read from the query, checked as Kubernetes checks a PodLogOptions. */
import type { FieldError } from '../../api/field-error.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { ApiFailure } from '../failure.ts';
import type { LogOptions } from '../node-connection.ts';
import { flag } from './pod-target.ts';

/** Throws BadRequest where a value cannot be read, Invalid with every error where the values make no sense. */
export function logOptions(podName: string, query: URLSearchParams): LogOptions {
  const sinceSeconds = integer(query, 'sinceSeconds');
  const sinceTime = time(query, 'sinceTime');
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const errors: FieldError[] = [];
  const tooSmall = (field: string, value: number, least: string): void => {
    errors.push({ type: 'FieldValueInvalid', field, message: `Invalid value: ${value}: must be ${least}` });
  };
  if (tailLines !== undefined && tailLines < 0) tooSmall('tailLines', tailLines, 'greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) tooSmall('limitBytes', limitBytes, 'greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    errors.push({ type: 'FieldValueForbidden', field: '', message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified' });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) tooSmall('sinceSeconds', sinceSeconds, 'greater than 0');
  // Behind the feature gate PodLogsQuerySplitStreams, which is off in 1.36.
  if (query.has('stream')) errors.push({ type: 'FieldValueForbidden', field: 'stream', message: 'Forbidden: may not be specified' });
  if (errors.length > 0) throw new ApiFailure(invalid({ group: '', kind: 'PodLogOptions' }, podName, errors));
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== undefined && { sinceTime }),
  };
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new ApiFailure(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`));
  return value;
}

function time(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  if (text === null || text === '' || text === 'null') return undefined;
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new ApiFailure(badRequest(`parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`));
  }
  return text;
}
