import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '../field-errors.ts';
import type { V1JSONSchemaProps, V1ValidationRule } from '../generated/types.ts';
import { validateRules } from './rules.ts';

const integer: V1JSONSchemaProps = { type: 'integer' };
const text: V1JSONSchemaProps = { type: 'string' };

function spec(rules: readonly (string | V1ValidationRule)[], properties: Record<string, V1JSONSchemaProps>): V1JSONSchemaProps {
  const validations = rules.map((rule) => (typeof rule === 'string' ? { rule } : rule));
  return { type: 'object', properties: { spec: { type: 'object', properties, 'x-kubernetes-validations': validations } } };
}

function problems(schema: V1JSONSchemaProps, value: unknown, old?: unknown): readonly string[] {
  return [...validateRules({ spec: value }, old === undefined ? undefined : { spec: old }, schema)].map(fieldErrorText);
}

describe('rules of a schema', () => {
  const sizes = { min: integer, max: integer, name: text, when: { ...text, format: 'date-time' }, 'odd-name': integer, list: { type: 'array', items: integer } };

  it.each<[string, object]>([
    ['self.min <= self.max', { min: 1, max: 2 }],
    ['!has(self.name) || self.name.matches("^[a-z]+$")', { name: 'abc' }],
    ['self.list.all(x, x > 0) && self.list.sum() == 6 && self.list.isSorted()', { list: [1, 2, 3] }],
    ["self.when > timestamp('2020-01-01T00:00:00Z')", { when: '2026-01-01T00:00:00Z' }],
    ['self.odd__dash__name == 1', { 'odd-name': 1 }],
    ['quantity("1Gi").isGreaterThan(quantity("1G")) && isQuantity("5m") && !isQuantity("five")', {}],
    ['self.?name.orValue("none") == "none"', {}],
    ['"%s has %d".format([self.name, 2]) == "x has 2"', { name: 'x' }],
    ['self.name.find("[0-9]+") == "12" && "a,b".split(",").size() == 2', { name: 'ab12' }],
  ])('%s', (rule, value) => {
    expect(problems(spec([rule], sizes), value)).toEqual([]);
  });

  it('tells the rule, its message, or what its message expression says', () => {
    const value = { min: 3, max: 2 };
    const rule = ' self.min <= self.max ';
    expect(problems(spec([rule], sizes), value)).toEqual(['spec: Invalid value: failed rule: self.min <= self.max']);
    expect(problems(spec([{ rule, message: 'too small' }], sizes), value)).toEqual(['spec: Invalid value: too small']);
    expect(problems(spec([{ rule, messageExpression: '"max is " + string(self.max)' }], sizes), value)).toEqual(['spec: Invalid value: max is 2']);
    expect(problems(spec([{ rule, message: 'no', reason: 'FieldValueForbidden', fieldPath: '.max' }], sizes), value)).toEqual(['spec.max: Forbidden: no']);
    expect(problems(spec([{ rule: 'self.name == "a"', message: 'x' }], sizes), value)).toEqual(['spec: Invalid value: "object": no such key: name evaluating rule: x']);
  });

  it('shows a scalar that breaks its rule', () => {
    expect(problems(spec([], { name: { ...text, 'x-kubernetes-validations': [{ rule: "self == 'a'" }] } }), { name: 'b' })).toEqual([`spec.name: Invalid value: "b": failed rule: self == 'a'`]);
  });

  it('asks about changes only where there is a state before', () => {
    const schema = spec([{ rule: 'self.name == oldSelf.name', message: 'name is immutable' }], sizes);
    expect(problems(schema, { name: 'a' })).toEqual([]);
    expect(problems(schema, { name: 'b' }, { name: 'a' })).toEqual(['spec: Invalid value: name is immutable']);
  });

  it('gives the state before as an optional where the rule wants it so', () => {
    const schema = spec([{ rule: 'oldSelf.hasValue() ? self.min >= oldSelf.value().min : self.min == 1', optionalOldSelf: true }], sizes);
    expect(problems(schema, { min: 1 })).toEqual([]);
    expect(problems(schema, { min: 2 })).toHaveLength(1);
    expect(problems(schema, { min: 0 }, { min: 1 })).toHaveLength(1);
  });

  it('finds the state before of items with keys', () => {
    const items: V1JSONSchemaProps = { type: 'object', properties: { name: text, size: integer }, 'x-kubernetes-validations': [{ rule: 'self.size >= oldSelf.size' }] };
    const schema = spec([], { list: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items } });
    const before = { list: [{ name: 'a', size: 1 }, { name: 'b', size: 5 }] };
    expect(problems(schema, { list: [{ name: 'b', size: 4 }, { name: 'a', size: 2 }, { name: 'c', size: 0 }] }, before)).toEqual(['spec.list[0]: Invalid value: failed rule: self.size >= oldSelf.size']);
  });

  it('lets be what was wrong before and is not touched', () => {
    const schema = spec([], { name: { ...text, 'x-kubernetes-validations': [{ rule: "self == 'a'" }] }, min: integer });
    expect(problems(schema, { name: 'b', min: 2 }, { name: 'b', min: 1 })).toEqual([]);
  });

  it('does not begin what would take too long', () => {
    const schema = spec(['self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))'], sizes);
    expect(problems(schema, { list: Array.from({ length: 1000 }, () => 1) })).toEqual([
      `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))`,
    ]);
  });
});
