/** What the kinds of dynamic resource allocation have in common: bounded lists, names of pools, attributes and drivers. */
import { duplicate, invalid, required, tooLong, tooMany } from '../field-errors.ts';
import { checkIdentifier } from '../names.ts';
import { byteLength } from '../text.ts';
import type { Errors } from './errors.ts';
import { dnsSubdomain, qualifiedName } from './errors.ts';
import { csiDriverName } from './volume-sources.ts';

const maxPoolNameLength = 253;
const maxIdentifierLength = 32;
const maxConditions = 4;

/** Each item of a list that is not too long; of one that is, nothing is looked at. */
export function* boundedList<T>(items: readonly T[], max: number, field: string, validate: (item: T, field: string) => Errors): Errors {
  if (items.length > max) yield tooMany(field, items.length, max);
  else for (const [index, item] of items.entries()) yield* validate(item, `${field}[${index}]`);
}

/** As `boundedList`, of items that differ in their keys. */
export function* boundedSet<T>(items: readonly T[], max: number, field: string, validate: (item: T, field: string) => Errors, keyOf: (item: T) => string): Errors {
  yield* boundedList(items, max, field, validate);
  if (items.length > max) return;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (seen.has(key)) yield duplicate(`${field}[${index}]`, key);
    seen.add(key);
  }
}

export function* poolName(field: string, name: string): Errors {
  if (name === '') {
    yield required(field);
    return;
  }
  if (byteLength(name) > maxPoolNameLength) yield tooLong(field, maxPoolNameLength);
  for (const part of name.split('/')) yield* dnsSubdomain(field, part);
}

/** The name of an attribute or capacity: an identifier, with a domain before it or, for those of the driver, without. */
export function* deviceQualifiedName(field: string, name: string): Errors {
  const parts = name.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return;
  if (second === undefined) {
    yield* identifier(field, first);
    return;
  }
  if (first === '') yield invalid(field, '', 'the domain must not be empty');
  else yield* csiDriverName(field, first);
  if (second === '') yield invalid(field, '', 'the name must not be empty');
  else yield* identifier(field, second);
}

export function* fullyQualifiedName(field: string, name: string): Errors {
  yield* deviceQualifiedName(field, name);
  if (!name.includes('/')) yield invalid(field, name, 'a fully qualified name must be a domain and a name separated by a slash');
}

function* identifier(field: string, name: string): Errors {
  if (byteLength(name) > maxIdentifierLength) yield tooLong(field, maxIdentifierLength);
  for (const problem of checkIdentifier(name)) yield invalid(field, name, problem);
}

/** Settings for a driver: a JSON object of at most so many bytes. */
export function* rawObject(field: string, value: unknown, maxBytes: number): Errors {
  if (value === undefined || value === null) yield required(field);
  else if (byteLength(JSON.stringify(value)) > maxBytes) yield tooLong(field, maxBytes);
  else if (typeof value !== 'object' || Array.isArray(value)) yield invalid(field, '<value omitted>', 'must be a valid JSON object');
}

/** Conditions that a device must, or must not, have before a pod is bound: both kinds or none. */
export function* bindingConditions(conditions: readonly string[], failures: readonly string[], field: string): Errors {
  const [good, bad] = [`${field}.bindingConditions`, `${field}.bindingFailureConditions`];
  const name = (condition: string, at: string): Errors => qualifiedName(at, condition);
  yield* boundedList(conditions, maxConditions, good, name);
  yield* boundedList(failures, maxConditions, bad, name);
  for (const [index, condition] of conditions.entries()) if (conditions.indexOf(condition) < index) yield duplicate(`${good}[${index}]`, condition);
  for (const [index, condition] of failures.entries()) {
    if (failures.indexOf(condition) < index) yield duplicate(`${bad}[${index}]`, condition);
    if (conditions.includes(condition)) yield invalid(`${bad}[${index}]`, condition, 'bindingFailureConditions must not overlap with bindingConditions');
  }
  if (conditions.length === 0 && failures.length > 0) yield invalid(good, conditions, 'bindingConditions are required to use bindingFailureConditions');
  if (failures.length === 0 && conditions.length > 0) yield invalid(bad, failures, 'bindingFailureConditions are required to use bindingConditions');
}
