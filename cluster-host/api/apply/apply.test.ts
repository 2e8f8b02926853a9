import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { StructType } from '../catalogue/schema.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import type { KubeObject } from '../object.ts';
import { copy, type JsonObject } from '../values.ts';
import { applyConfiguration } from './apply.ts';
import { allBut, difference, intersection, setOf, union, without } from './field-set.ts';
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts';
import { noOtherVersions } from './management.ts';
import { managedFieldsAfterUpdate, unlessOnlyTimesChanged } from './update.ts';

const configMaps = { group: '', version: 'v1', kind: 'ConfigMap' };
const deployments = { group: 'apps', version: 'v1', kind: 'Deployment' };

function typeOf(gvk: typeof configMaps): StructType {
  const type = kindType(gvk);
  if (type === undefined) throw new Error(gvk.kind);
  return type;
}

const start = Date.parse('2026-01-01T00:00:00Z');

/** One object and what is done to it, as the API server would. */
class History {
  live: KubeObject | undefined;
  private readonly gvk: typeof configMaps;
  private now = start;

  constructor(gvk: typeof configMaps) {
    this.gvk = gvk;
  }

  private facts(subresource = '') {
    this.now += 1000;
    return { gvk: this.gvk, type: typeOf(this.gvk), subresource, settable: allBut(subresource === 'status' ? 'spec' : 'status'), versions: noOtherVersions, now: this.now };
  }

  private config(body: JsonObject): JsonObject {
    const { metadata = {}, ...rest } = body as { metadata?: JsonObject };
    const { group, version, kind } = this.gvk;
    return { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata: { name: 'a', ...metadata }, ...rest };
  }

  apply(manager: string, body: JsonObject, options: { readonly force?: boolean; readonly subresource?: string } = {}) {
    const before = copy(this.live);
    const outcome = applyConfiguration({ ...this.facts(options.subresource), live: this.live, config: this.config(body), manager, force: options.force ?? false });
    expect(this.live).toEqual(before);
    if (outcome.ok) this.live = this.live === undefined ? outcome.object : unlessOnlyTimesChanged(outcome.object, this.live);
    return outcome.ok ? 'applied' : outcome.status;
  }

  update(manager: string, change: (object: any) => void, subresource = '') {
    const object = copy(this.live ?? decode(plainDocument(this.config({})), typeOf(this.gvk)).value);
    change(object);
    const facts = this.facts(subresource);
    const managedFields = managedFieldsAfterUpdate({ ...facts, live: this.live, object, manager });
    delete object.metadata.managedFields;
    this.live = managedFields === undefined ? object : { ...object, metadata: { ...object.metadata, managedFields, uid: 'u' } };
    return this.live as any;
  }

  owners(): Record<string, unknown> {
    return Object.fromEntries((this.live?.metadata?.managedFields ?? []).map((entry) => [[entry.manager, entry.operation, entry.subresource].filter(Boolean).join(' '), entry.fieldsV1]));
  }
}

describe('server-side apply', () => {
  it('creates, owns what it sets, and takes out what it gives up', () => {
    const history = new History(configMaps);
    expect(history.apply('one', { data: { a: '1', b: '2' }, metadata: { labels: { x: 'y' } } })).toBe('applied');
    expect(history.live?.metadata?.managedFields).toEqual([
      { manager: 'one', operation: 'Apply', apiVersion: 'v1', time: '2026-01-01T00:00:01Z', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:labels': { 'f:x': {} } } } },
    ]);
    history.apply('one', { data: { a: '1' } });
    expect(history.live).toMatchObject({ data: { a: '1' } });
    expect(history.live?.['data']).not.toHaveProperty('b');
    expect(history.live?.metadata).not.toHaveProperty('labels');
  });

  it('does not touch the time of an apply that changes nothing', () => {
    const history = new History(configMaps);
    history.apply('one', { data: { a: '1' } });
    const first = copy(history.live);
    history.apply('one', { data: { a: '1' } });
    expect(history.live).toEqual(first);
  });

  it('shares fields of equal value, and refuses others with every conflict', () => {
    const history = new History(configMaps);
    history.apply('one', { data: { a: '1', b: '2' } });
    expect(history.apply('two', { data: { a: '1' } })).toBe('applied');
    expect(history.owners()).toEqual({ 'one Apply': { 'f:data': { 'f:a': {}, 'f:b': {} } }, 'two Apply': { 'f:data': { 'f:a': {} } } });
    expect(history.apply('two', { data: { a: 'x' } })).toMatchObject({
      code: 409, reason: 'Conflict', message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
    });
    expect(history.apply('two', { data: { a: 'x', b: 'x' } })).toMatchObject({ message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b' });
    expect(history.apply('two', { data: { a: 'x' } }, { force: true })).toBe('applied');
    expect(history.owners()).toEqual({ 'one Apply': { 'f:data': { 'f:b': {} } }, 'two Apply': { 'f:data': { 'f:a': {} } } });
  });

  it('keeps a field given up by one of two owners', () => {
    const history = new History(configMaps);
    history.apply('one', { data: { a: '1' } });
    history.apply('two', { data: { a: '1' } });
    history.apply('one', {});
    expect(history.live?.['data']).toEqual({ a: '1' });
    expect(history.owners()).toEqual({ 'two Apply': { 'f:data': { 'f:a': {} } } });
  });

  it('names list items by their keys, defaults of keys included', () => {
    const history = new History(deployments);
    const containers = [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }];
    history.apply('one', { spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers } } } });
    expect(history.owners()).toEqual({
      'one Apply': {
        'f:spec': {
          'f:selector': {},
          'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } } } } } },
        },
      },
    });
    expect(history.apply('two', { spec: { template: { spec: { containers: [{ name: 'c', image: 'other' }] } } } })).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="c"].image',
    });
    history.apply('two', { spec: { template: { spec: { containers: [{ name: 'side', image: 's' }] } } } });
    expect(history.live?.['spec'].template.spec.containers.map((one: any) => one.name)).toEqual(['c', 'side']);
  });

  it('follows updates by others', () => {
    const history = new History(configMaps);
    history.update('editor', (object) => (object.data = { a: '1' }));
    expect(history.owners()).toEqual({ 'editor Update': { 'f:data': { '.': {}, 'f:a': {} } } });
    expect(history.apply('one', { data: { a: '2' } })).toMatchObject({ message: 'Apply failed with 1 conflict: conflict with "editor" using v1: .data.a' });
    history.apply('one', { data: { b: '1' } });
    history.update('editor', (object) => (object.data.b = '2'));
    expect(history.owners()).toEqual({ 'editor Update': { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } });
    const time = history.live?.metadata?.managedFields?.[0]?.time;
    history.update('editor', () => undefined);
    expect(history.live?.metadata?.managedFields?.[0]?.time).toBe(time);
  });

  it('tells subresources apart and leaves the status to its own', () => {
    const history = new History(deployments);
    history.apply('one', { spec: { replicas: 1 }, status: { replicas: 9 } });
    expect(history.owners()).toEqual({ 'one Apply': { 'f:spec': { 'f:replicas': {} } } });
    history.update('controller', (object) => (object.status = { replicas: 2 }), 'status');
    expect(history.owners()).toEqual({ 'one Apply': { 'f:spec': { 'f:replicas': {} } }, 'controller Update status': { 'f:status': { 'f:replicas': {} } } });
    expect(history.apply('two', { status: { replicas: 3 } }, { subresource: 'status' })).toMatchObject({ message: 'Apply failed with 1 conflict: conflict with "controller" with subresource "status" using apps/v1: .status.replicas' });
  });

  it('gives what was there before the first apply to a manager of the past', () => {
    const history = new History(configMaps);
    history.live = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', uid: 'u' }, data: { a: '1' } };
    history.apply('one', { data: { b: '2' } });
    expect(Object.keys(history.owners())).toEqual(['one Apply', 'before-first-apply Update']);
  });

  it('lets kubectl take over what its client-side apply set', () => {
    const history = new History(configMaps);
    const last = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } });
    history.update('kubectl-client-side-apply', (object) => Object.assign(object, { data: { a: '1', b: 'hand' }, metadata: { name: 'a', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': last } } }));
    expect(history.apply('kubectl', { data: { a: '2', b: 'mine' } })).toMatchObject({ message: 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.b' });
    expect(history.apply('kubectl', { data: { a: '2' } })).toBe('applied');
    expect(JSON.parse(history.live?.metadata?.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] ?? '')).toMatchObject({ data: { a: '2' } });
  });

  it('joins updaters beyond ten', () => {
    const history = new History(configMaps);
    for (let i = 0; i < 14; i++) history.update(`updater-${i}`, (object) => (object.data = { ...object.data, [`k${i}`]: 'v' }));
    const names = history.live?.metadata?.managedFields?.map((entry) => entry.manager);
    expect(names).toHaveLength(10);
    expect(names?.[0]).toBe('ancient-changes');
    expect(history.owners()['ancient-changes Update']).toMatchObject({ 'f:data': { 'f:k0': {}, 'f:k4': {} } });
  });

  it('stops tracking when asked to', () => {
    const history = new History(configMaps);
    history.update('one', (object) => (object.data = { a: '1' }));
    expect(history.update('one', (object) => (object.metadata.managedFields = [])).metadata.managedFields).toBeUndefined();
    expect(history.update('one', (object) => (object.data = { a: '2' })).metadata.managedFields).toBeUndefined();
  });

  it('refuses what its schema does not know', () => {
    const history = new History(deployments);
    expect(history.apply('one', { spec: { foo: 1 } })).toMatchObject({ code: 500, message: 'failed to create typed patch object (/a; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema' });
    expect(history.apply('one', { spec: { replicas: 'x' } })).toMatchObject({ message: expect.stringMatching(/\.spec\.replicas: expected numeric \(int or float\), got string$/) });
    expect(history.apply('one', { metadata: { finalizers: [{}] } })).toMatchObject({ message: expect.stringContaining("element 0: associative list without keys has an element that's a map type") });
    expect(history.apply('one', { spec: { template: { spec: { containers: [{ image: 'x' }, {}] } } } })).toMatchObject({ message: expect.stringContaining('duplicate entries for key [name=""]') });
    expect(history.apply('one', { metadata: { deletionTimestamp: [1] } })).toMatchObject({ message: expect.stringMatching(/deletionTimestamp: expected any scalar, got &\{\[1\]\}$/) });
    expect(history.apply('one', { metadata: { managedFields: [] } })).toMatchObject({ code: 400, message: 'metadata.managedFields must be nil' });
    expect(history.apply('one', { kind: 'Pod' })).toMatchObject({ code: 400, message: 'invalid object type: apps/v1, Kind=Pod' });
  });

  it('applies twice as once, whatever is applied', () => {
    const data = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('one', 'two', 'three'), data, fc.boolean()), { maxLength: 6 }), (steps) => {
        const history = new History(configMaps);
        for (const [manager, content, force] of steps) {
          if (history.apply(manager, { data: content }, { force }) !== 'applied') continue;
          const after = copy(history.live);
          expect(history.apply(manager, { data: content })).toBe('applied');
          expect(history.live).toEqual(after);
          expect(history.live?.['data'] ?? {}).toMatchObject(content);
        }
      }),
    );
  });
});

describe('field sets', () => {
  const path = fc.array(fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1'), { minLength: 1, maxLength: 3 });
  const set = fc.array(path, { maxLength: 6 }).map(setOf);

  it('reads what it writes', () => {
    fc.assert(
      fc.property(set, (one) => {
        expect(fromFieldsV1(toFieldsV1(one))).toEqual(one);
      }),
    );
  });

  it('is an algebra', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(union(a, b)).toEqual(union(b, a));
        expect(union(difference(a, b), intersection(a, b))).toEqual(a);
        expect(intersection(difference(a, b), b)).toEqual(setOf([]));
        expect(without(without(a, b), b)).toEqual(without(a, b));
      }),
    );
  });

  it('takes any spelling of a key for the same', () => {
    expect(fromFieldsV1({ 'k:{"b":1, "a":"x"}': {} })).toEqual(setOf([['k:{"a":"x","b":1}']]));
    expect(fromFieldsV1({ 'k:{': {} })).toBeUndefined();
    expect(fromFieldsV1({ 'f:a': 1 })).toBeUndefined();
  });
});
