/**
 * Any object that decodes, of any kind, whatever is in it: no row may throw on it, and what is defaulted stays as it is. A row that
 * throws would be an answer 500.
 */
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { Field, ScalarType, Type } from '../catalogue/schema.ts';
import { plainDocument } from '../decode/parsed.ts';
import { decode } from '../decode/typed.ts';
import { wireForm } from '../decode/wire.ts';
import type { KindDefinition } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { binding, reviewKinds } from './reviews.ts';
import { findKind, kinds } from './kinds.ts';

const context = { now: Date.UTC(2026, 0, 1) };
const objectsOfEach = 60;
const maxDepth = 9;

/** Numbers that look random, the same in each run (Park and Miller). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
  }

  below(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

const texts = ['', 'a', 'A B', 'a.b/c', 'x'.repeat(300), '__proto__', 'constructor', '10.0.0.1', 'fe80::1/64', '*', '$(A)', '/..', '1-2', '\u{1F600}\uD800', '0 0 31 2 *', 'In', 'Exists', 'Always', 'ClusterIP', 'v1', '-----BEGIN CERTIFICATE-----'];
const scalars: Readonly<Record<ScalarType['scalar'], readonly unknown[]>> = {
  string: texts,
  bool: [true, false],
  int32: [0, 1, -1, 80, 65_536, 2_147_483_647, -2_147_483_648],
  int64: [0, 1, -1, 9_007_199_254_740_991],
  float64: [0, -0.5, 1e300],
  bytes: ['', 'AAAA', btoa('{"auths":[]}')],
  quantity: ['0', '1', '-1', '1.5Gi', '100m', '1e18', '0.000000001'],
  intOrString: [0, -1, 80, '25%', '101%', 'http', ''],
  time: ['2026-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  microTime: ['2026-01-01T00:00:00.000000Z'],
  any: [null, {}, [], 'x', 1, { a: { b: [null] } }],
  object: [{}, { apiVersion: 'v1', kind: 'ConfigMap', metadata: null }, { a: null }],
};

function anyValue(type: Type, dice: Dice, depth: number): unknown {
  const small = depth > maxDepth ? 0 : dice.below(3);
  switch (type.kind) {
    case 'scalar':
      return type.values && type.values.length > 0 && dice.below(3) > 0 ? dice.one(type.values) : dice.one(scalars[type.scalar]);
    case 'list':
      return Array.from({ length: small }, () => (dice.below(8) === 0 ? null : anyValue(type.item, dice, depth + 1)));
    case 'map':
      return Object.fromEntries(Array.from({ length: small }, () => [dice.one(texts), anyValue(type.value, dice, depth + 1)]));
    case 'struct':
      return Object.fromEntries([...type.fields.values()].filter((field) => isChosen(field, dice, depth)).map((field) => [field.name, dice.below(20) === 0 ? null : anyValue(field.type, dice, depth + 1)]));
  }
}

/** Deep structures would grow without end. */
function isChosen({ required }: Field, dice: Dice, depth: number): boolean {
  if (depth > maxDepth) return required && dice.below(2) === 0;
  return dice.below(10) < (required ? 9 : depth < 3 ? 7 : 3);
}

function anyObject(kind: KindDefinition, seed: number): KubeObject {
  const type = kindType(kind);
  if (type === undefined) throw new Error(`no type for ${kind.kind}`);
  return decode(plainDocument(anyValue(type, new Dice(seed), 0)), type).value as KubeObject;
}

function walk(kind: KindDefinition, seed: number): void {
  const [object, old] = [anyObject(kind, seed), anyObject(kind, seed + 7919)];
  for (const one of [object, old]) kind.setDefaults(one);
  const once = structuredClone(object);
  kind.setDefaults(object);
  expect(object, 'defaults of what has them').toEqual(once);
  const created = structuredClone(object);
  kind.prepareForCreate(created);
  kind.validate(created, context);
  kind.warnings(created, undefined);
  const updated = structuredClone(object);
  kind.prepareForUpdate(updated, old);
  kind.validateUpdate(updated, old, context);
  kind.warnings(updated, old);
  const reported = structuredClone(object);
  kind.status?.prepareForUpdate(reported, old);
  kind.status?.validateUpdate(reported, old, context);
  kind.printer.cells(object, context);
  for (const select of Object.values(kind.selectableFields)) expect(typeof select(object)).toBe('string');
  const type = kindType(kind);
  if (type) JSON.stringify(wireForm(created, type));
}

describe('names that every object of JavaScript has', () => {
  it('are ordinary keys', () => {
    const secret = findKind('', 'v1', 'Secret');
    const stringData = JSON.parse('{"__proto__":"a","constructor":"b"}') as object;
    const object: KubeObject = { metadata: { name: 's', namespace: 'default', resourceVersion: '1' }, type: 'constructor', stringData };
    secret?.setDefaults(object);
    expect(Object.entries(object['data'])).toEqual([['__proto__', btoa('a')], ['constructor', btoa('b')]]);
    expect(secret?.validate(object, context)).toEqual([]);
    const old = { ...object, immutable: true, data: {} };
    expect(secret?.validateUpdate({ ...object, immutable: true }, old, context).map(({ field }) => field)).toEqual(['data']);
  });
});

describe('any object', () => {
  it.each([...kinds, ...reviewKinds, binding].map((kind) => [`${kind.group}/${kind.version} ${kind.kind}`, kind] as const))('%s', (_, kind) => {
    for (let seed = 1; seed <= objectsOfEach; seed++) walk(kind, seed * 104_729);
  });
});
