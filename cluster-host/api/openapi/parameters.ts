/** Query and path parameters of the API, with a sentence on each. */
import type { JsonObject } from '../values.ts';
import type { Dialect } from './schemas.ts';

interface Parameter {
  readonly type: 'string' | 'boolean' | 'integer';
  readonly description: string;
}

const text = (description: string): Parameter => ({ type: 'string', description });
const flag = (description: string): Parameter => ({ type: 'boolean', description });
const integer = (description: string): Parameter => ({ type: 'integer', description });

const parameters: Readonly<Record<string, Parameter>> = {
  allowWatchBookmarks: flag('Whether a watch may send bookmarks: events that only tell a newer resourceVersion.'),
  continue: text('The token of the next page, as the page before gave it.'),
  dryRun: text('All: every stage of the request runs, but nothing is stored.'),
  fieldManager: text('The name of whoever makes the change, at most 128 printable characters.'),
  fieldSelector: text('Only objects whose fields are as it says.'),
  fieldValidation: text('What happens about unknown and duplicate fields: Ignore, Warn or Strict.'),
  force: flag('Whether an apply takes over fields that others own.'),
  gracePeriodSeconds: integer('How long the object may take to end by itself; 0 deletes at once.'),
  ignoreStoreReadErrorWithClusterBreakingPotential: flag('Deletes an object that can no longer be read; dangerous.'),
  labelSelector: text('Only objects whose labels are as it says.'),
  limit: integer('The largest number of objects in one page.'),
  name: text('The name of the object.'),
  namespace: text('The namespace of the object.'),
  orphanDependents: flag('Deprecated: use propagationPolicy.'),
  propagationPolicy: text('What happens to dependents: Orphan, Background or Foreground.'),
  resourceVersion: text('How fresh the answer must be, or from where a watch begins.'),
  resourceVersionMatch: text('How resourceVersion is meant for a list: NotOlderThan or Exact.'),
  sendInitialEvents: flag('Whether a watch first sends everything that is there.'),
  timeoutSeconds: integer('The longest time that the request may take.'),
  watch: flag('Whether to follow changes instead of listing.'),
};

export function parameterSchema(name: string, dialect: Dialect): JsonObject {
  const { type, description } = parameters[name] ?? text('');
  const base = { name, in: 'query', description };
  return dialect === 'v2' ? { ...base, type, uniqueItems: true } : { ...base, schema: { type, uniqueItems: true } };
}

/** The parameters in a path's braces. */
export function pathParameters(path: string, dialect: Dialect): readonly JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({ ...parameterSchema(name, dialect), in: 'path', required: true }));
}
