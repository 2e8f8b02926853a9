import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { V1JSONSchemaProps } from '../generated/types.ts';
import { copy } from '../values.ts';
import { columnsOf } from './columns.ts';
import { applyDefaults } from './defaults.ts';
import { findByPath, parseJsonPath } from './json-path.ts';
import { prune } from './prune.ts';

const text: V1JSONSchemaProps = { type: 'string' };

const schema: V1JSONSchemaProps = {
  type: 'object',
  properties: {
    a: { ...text, default: 'x' },
    b: { type: 'object', default: {}, properties: { a: { type: 'integer', default: 1 }, b: { ...text, nullable: true } } },
    c: { type: 'array', items: { type: 'object', properties: { a: text, b: { type: 'object', additionalProperties: { type: 'object', properties: { c: { ...text, default: 'd' } } } } } } },
    d: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: { type: 'object', properties: { b: text } } } },
    e: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { a: text } },
  },
};

function pruned(value: Record<string, unknown>): { readonly value: unknown; readonly removed: readonly string[] } {
  const object = copy(value);
  return { value: object, removed: prune(object, schema).map((path) => path.join('.')) };
}

describe('pruning', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>, readonly string[]]>([
    [{ a: 1, z: 2 }, { a: 1 }, ['z']],
    [{ c: [{ a: 1, z: 1 }, { z: 1 }] }, { c: [{ a: 1 }, {}] }, ['c.0.z', 'c.1.z']],
    [{ c: [{ b: { any: { c: 1, z: 1 } } }] }, { c: [{ b: { any: { c: 1 } } }] }, ['c.0.b.any.z']],
    [{ d: { z: { y: 1 }, a: { b: 1, z: 1 } } }, { d: { z: { y: 1 }, a: { b: 1 } } }, ['d.a.z']],
    [{ e: { apiVersion: 'v1', kind: 'Pod', metadata: { z: 1 }, z: 1 } }, { e: { apiVersion: 'v1', kind: 'Pod', metadata: { z: 1 } } }, ['e.z']],
    [{ metadata: { labels: {} } }, { metadata: { labels: {} } }, []],
  ])('%j', (value, expected, removed) => {
    expect(pruned(value)).toEqual({ value: expected, removed });
  });
});

describe('defaults', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{}, { a: 'x', b: { a: 1 } }],
    [{ a: null, b: { a: null, b: null } }, { a: 'x', b: { a: 1, b: null } }],
    [{ a: 'y', c: [{ b: { k: {} } }] }, { a: 'y', b: { a: 1 }, c: [{ b: { k: { c: 'd' } } }] }],
  ])('%j', (value, expected) => {
    const object = copy(value);
    applyDefaults(object, schema);
    expect(object).toEqual(expected);
  });
});

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z', '__proto__', 'metadata');
const values = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.string(), fc.integer(), fc.array(tie('value')), fc.dictionary(names, tie('value'))),
})).value;

describe('whatever the value', () => {
  it('pruning and defaulting are done once and for all, and defaults are not pruned', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values), (value) => {
        const once = copy(value) as Record<string, unknown>;
        prune(once, schema);
        applyDefaults(once, schema);
        const twice = copy(once);
        expect(prune(twice, schema)).toEqual([]);
        applyDefaults(twice, schema);
        expect(twice).toEqual(once);
      }),
    );
  });
});

describe('JSON paths', () => {
  const object = {
    spec: { replicas: 3, 'odd.name': 'x', ports: [{ name: 'a', port: 1 }, { name: 'b', port: 2 }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Old', status: 'False' }] },
    metadata: { labels: { 'app.kubernetes.io/name': 'web' } },
  };

  it.each<[string, readonly unknown[]]>([
    ['.spec.replicas', [3]],
    ['.spec.missing', []],
    ['.spec.ports[1].name', ['b']],
    ['.spec.ports[-1].name', ['b']],
    ['.spec.ports[*].port', [1, 2]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Old')].status", ['False']],
    ['.spec.ports[?(@.port>1)].name', ['b']],
    ['.metadata.labels.app\\.kubernetes\\.io/name', ['web']],
    [".metadata.labels['app\\.kubernetes\\.io/name']", ['web']],
    ['..port', [1, 2]],
  ])('%s', (path, expected) => {
    const parsed = parseJsonPath(path);
    expect(parsed.ok && findByPath(object, parsed.value)).toEqual(expected);
  });

  it('refuses what it cannot read', () => {
    expect(parseJsonPath('.spec[').ok).toBe(false);
  });
});

describe('printer columns', () => {
  const at = { now: Date.parse('2026-01-01T00:10:00Z') };
  const cell = (type: string, value: unknown) => columnsOf([{ name: 'X', type, jsonPath: '.spec.x' }])[0]?.cell({ spec: { x: value } }, at);

  it.each<[string, unknown, unknown]>([
    ['string', 'a', 'a'],
    ['string', 3, '3'],
    ['string', ['a', 1], '["a",1]'],
    ['string', undefined, null],
    ['integer', 3, 3],
    ['integer', 'x', null],
    ['boolean', true, true],
    ['date', '2026-01-01T00:00:00Z', '10m'],
    ['date', 'x', '<invalid>'],
  ])('%s of %j', (type, value, expected) => {
    expect(cell(type, value)).toBe(expected);
  });
});
