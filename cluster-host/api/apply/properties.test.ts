/** What holds of every apply, whatever is applied. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { StructType } from '../catalogue/schema.ts';
import type { KubeObject } from '../object.ts';
import { canonicalJson, isBlank, isObject, type JsonObject } from '../values.ts';
import { applyConfiguration } from './apply.ts';
import { allBut, difference, isEmpty, union, type FieldSet } from './field-set.ts';
import { fromFieldsV1 } from './fields-v1.ts';
import { noOtherVersions } from './management.ts';
import { fieldsOf } from './typed-walks.ts';

const gvk = { group: 'apps', version: 'v1', kind: 'Deployment' };
const type = kindType(gvk) as StructType;
const facts = { gvk, type, subresource: '', settable: allBut('status'), versions: noOtherVersions, now: 0 };

/** Optional fields of a configuration; those of one letter in `names` belong to it alone. */
function configs(names: readonly string[]): fc.Arbitrary<JsonObject> {
  const named = <T extends object>(rest: { readonly [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
    fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), ...rest }, { requiredKeys: ['name'] }), { selector: ({ name }) => name, maxLength: 3 });
  const labels = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '2'), { maxKeys: 2 });
  const container = { image: fc.constantFrom('i', 'j'), env: named({ value: fc.constantFrom('1', '2') }), args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }) };
  const spec = fc.record({ template: fc.record({ metadata: fc.record({ labels }), spec: fc.record({ containers: named(container) }, { requiredKeys: [] }) }, { requiredKeys: [] }) }, { requiredKeys: [] });
  const finalizers = fc.uniqueArray(fc.constantFrom(...names.map((name) => `example.com/${name}`)), { maxLength: 2 });
  const metadata = fc.record({ name: fc.constant('d'), labels, finalizers }, { requiredKeys: ['name'] });
  return fc.record({ apiVersion: fc.constant('apps/v1'), kind: fc.constant('Deployment'), metadata, spec }, { requiredKeys: ['apiVersion', 'kind', 'metadata'] }).map((config) => withoutBlanks(config) as JsonObject);
}

/** What is empty is not kept by an object, and so has no lasting owner. */
function withoutBlanks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBlanks(item)]).filter(([, item]) => !isBlank(item)));
}

function apply(live: KubeObject | undefined, manager: string, config: JsonObject): KubeObject {
  const outcome = applyConfiguration({ ...facts, live, config, manager, force: true });
  if (!outcome.ok) throw new Error(outcome.status.message);
  return { ...outcome.object, metadata: { ...outcome.object.metadata, uid: 'u' } };
}

function ownedBy(object: KubeObject, manager: string): FieldSet {
  const none: FieldSet = { members: new Set(), children: new Map() };
  const entries = object.metadata?.managedFields?.filter((entry) => entry.manager === manager) ?? [];
  return entries.reduce((all, { fieldsV1 }) => union(all, fromFieldsV1(fieldsV1) ?? none), none);
}

/** Without what depends on who came first: the order of items, and times. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered).toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'time').map(([key, item]) => [key, unordered(item)]));
}

const any = configs(['a', 'b', 'c']);
const unowned = allBut('apiVersion', 'kind', 'metadata.name');

it('whoever applies by force owns what was applied', () => {
  fc.assert(
    fc.property(any, any, (first, second) => {
      const object = apply(apply(undefined, 'one', first), 'two', second);
      expect(isEmpty(difference(unowned(fieldsOf(second, type)), ownedBy(object, 'two')))).toBe(true);
    }),
  );
});

it('applying the same again changes nothing', () => {
  fc.assert(
    fc.property(any, any, any, (first, second, third) => {
      const object = apply(apply(apply(undefined, 'one', first), 'two', second), 'one', third);
      expect(apply(object, 'one', third)).toEqual(object);
    }),
  );
});

it('what is given up by its only owner is gone', () => {
  fc.assert(
    fc.property(any, any, (first, second) => {
      const object = apply(apply(undefined, 'one', first), 'one', second);
      const { managedFields: _, ...metadata } = apply(undefined, 'one', second).metadata ?? {};
      const { managedFields: _fields, ...left } = object.metadata ?? {};
      expect(unordered([left, object['spec']])).toEqual(unordered([metadata, apply(undefined, 'one', second)['spec']]));
    }),
  );
});

it('the order of appliers who share nothing does not matter', () => {
  fc.assert(
    fc.property(configs(['a', 'b']), configs(['x', 'y']), (left, right) => {
      const one = apply(apply(undefined, 'left', left), 'right', right);
      const other = apply(apply(undefined, 'right', right), 'left', left);
      expect(unordered(one)).toEqual(unordered(other));
    }),
  );
});
