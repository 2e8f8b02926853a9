/** Who manages which fields of an object: `metadata.managedFields` read, written and kept short. */
import type { V1ManagedFieldsEntry } from '../generated/types.ts';
import { quote } from '../text.ts';
import { emptySet, isEmpty, union, type FieldSet } from './field-set.ts';
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts';

/** One manager: whoever sends requests, by operation and, for updates, by version and subresource. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly fields: FieldSet;
  /** When it last changed anything, as in `managedFields`. */
  readonly time?: string;
}

/** By identity (`identityOf`). */
export type Managers = ReadonlyMap<string, Manager>;

/** Appliers are one manager over all versions; updaters are one a version. Kubernetes sorts conflicts and old updaters by this text. */
export function identityOf({ name, operation, apiVersion, subresource }: Omit<Manager, 'fields' | 'time'>): string {
  const version = operation === 'Apply' ? '' : apiVersion;
  return JSON.stringify({ ...(name !== '' && { manager: name }), operation, ...(version !== '' && { apiVersion: version }), ...(subresource !== '' && { subresource }) });
}

/** Updaters that are told apart; older ones become one. */
const maxUpdaters = 10;
const ancientManager = 'ancient-changes';

/** The managers of an object; undefined where an entry makes no sense. */
export function readManagers(entries: readonly V1ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const { manager: name = '', operation, apiVersion = '', subresource = '', fieldsType, fieldsV1, time } of entries ?? []) {
    const fields = fieldsV1 === undefined || fieldsV1 === null ? emptySet : fromFieldsV1(fieldsV1);
    if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || fieldsType !== 'FieldsV1' || fields === undefined) return undefined;
    const manager: Manager = { name, operation, apiVersion, subresource, fields, ...(time === undefined ? {} : { time }) };
    managers.set(identityOf(manager), manager);
  }
  return managers;
}

/** The entries in Kubernetes' order; undefined where there are no managers. */
export function writeManagers(managers: Managers): V1ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].toSorted(compareManagers).map(({ name, operation, apiVersion, subresource, fields, time }) => ({
    ...(name === '' ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === '' ? {} : { subresource }),
  }));
}

function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) || compareTexts(a.time ?? '', b.time ?? '') || compareTexts(a.name, b.name) || compareTexts(a.apiVersion, b.apiVersion) || compareTexts(a.subresource, b.subresource)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Joins the oldest updaters of each version where there are more than are told apart. */
export function capUpdaters(managers: Managers): Managers {
  const result = new Map(managers);
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update').toSorted(([, a], [, b]) => compareTexts(a.time ?? '', b.time ?? '') || compareTexts(identityOf(a), identityOf(b)));
  let excess = updaters.length - maxUpdaters;
  const firsts = new Map<string, string>();
  for (const [identity, manager] of updaters) {
    if (excess <= 0) break;
    const first = firsts.get(manager.apiVersion);
    if (first === undefined) {
      firsts.set(manager.apiVersion, identity);
      continue;
    }
    const bucket: Omit<Manager, 'fields' | 'time'> = { name: ancientManager, operation: 'Update', apiVersion: manager.apiVersion, subresource: '' };
    const joined = result.get(identityOf(bucket)) ?? result.get(first);
    if (!result.has(identityOf(bucket))) result.delete(first);
    result.delete(identity);
    result.set(identityOf(bucket), { ...bucket, fields: union(manager.fields, joined?.fields ?? emptySet), ...(manager.time === undefined ? {} : { time: manager.time }) });
    excess--;
  }
  return result;
}

/** Managers with one of them replaced; one that owns nothing is dropped. */
export function withManager(managers: Managers, manager: Manager): Managers {
  const result = new Map(managers);
  if (isEmpty(manager.fields)) result.delete(identityOf(manager));
  else result.set(identityOf(manager), manager);
  return result;
}

/** A manager as conflicts name it: `"kubectl" using apps/v1`. */
export function managerText({ name, operation, apiVersion, subresource }: Manager): string {
  const who = subresource === '' ? quote(name) : `${quote(name)} with subresource ${quote(subresource)}`;
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}
