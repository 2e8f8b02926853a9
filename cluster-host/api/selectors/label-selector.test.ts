import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFields, parseFieldSelector } from './field-selector.ts';
import { parseSelector } from './label-selector-parser.ts';
import { everything, formatSelector, matchesLabels, selectorOf, selectorOfLabels, selectorOfRequirements, type Requirement } from './label-selector.ts';

function matches(text: string, labels: Record<string, string>): boolean {
  const selector = parseSelector(text);
  if (!selector.ok) throw new Error(selector.error);
  return matchesLabels(selector.value, labels);
}

describe('label selectors', () => {
  it.each([
    ['', {}, true],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'c' }, false],
    ['a!=b', {}, true],
    ['a in (b, c)', { a: 'c' }, true],
    ['a notin (b,c)', { a: 'c' }, false],
    ['a notin (b)', {}, true],
    ['a in ()', { a: '' }, true],
    ['a in (,b)', { a: '' }, true],
    ['a=', { a: '' }, true],
    ['a=,b', { a: '', b: '1' }, true],
    ['a>5', { a: '6' }, true],
    ['a<5', { a: '6' }, false],
    ['a>5', { a: 'x' }, false],
    ['in in (in)', { in: 'in' }, true],
    ['constructor', {}, false],
  ] as [string, Record<string, string>, boolean][])('%s over %j: %s', (text, labels, expected) => {
    expect(matches(text, labels)).toBe(expected);
  });

  it.each([
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['a>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
    [
      'a/b/c',
      `unable to parse requirement: <nil>: Invalid value: "a/b/c": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ],
    [
      'a=b:c',
      `unable to parse requirement: values[0][a]: Invalid value: "b:c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ])('%s: %s', (text, error) => {
    expect(parseSelector(text)).toEqual({ ok: false, error });
  });

  it('understands objects', () => {
    const selector = selectorOf({ matchLabels: { b: '1' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'x'] }, { key: 'c', operator: 'DoesNotExist' }] });
    expect(selector.ok && formatSelector(selector.value)).toBe('a in (x,y),b=1,!c');
    expect(selectorOf({})).toEqual({ ok: true, value: everything });
    const none = selectorOf(undefined);
    expect(none.ok && matchesLabels(none.value, {})).toBe(false);
    expect(selectorOf({ matchExpressions: [{ key: 'a', operator: 'Has' }] })).toEqual({ ok: false, error: '"Has" is not a valid label selector operator' });
    expect(matchesLabels(selectorOfLabels({ a: 'b' }), { a: 'b', c: 'd' })).toBe(true);
  });

  it('reads what it writes', () => {
    const word = fc.stringMatching(/^[a-z]([a-z0-9]{0,5}[a-z0-9])?$/);
    const requirement: fc.Arbitrary<Requirement> = fc.oneof(
      fc.record({ key: word, operator: fc.constantFrom('in' as const, 'notin' as const), values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((list) => list.toSorted()) }),
      fc.record({ key: word, operator: fc.constantFrom('=' as const, '!=' as const, '==' as const), values: word.map((one) => [one]) }),
      fc.record({ key: word, operator: fc.constantFrom('exists' as const, '!' as const), values: fc.constant([]) }),
    );
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), (requirements) => {
        const selector = selectorOfRequirements(requirements);
        expect(parseSelector(formatSelector(selector))).toEqual({ ok: true, value: selector });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseSelector(text).ok === 'boolean'));
  });
});

describe('field selectors', () => {
  it('matches equality and inequality', () => {
    const selector = parseFieldSelector(String.raw`metadata.name=a\,b,status.phase!=Running,x==`);
    expect(selector).toEqual({
      ok: true,
      value: [
        { field: 'metadata.name', equal: true, value: 'a,b' },
        { field: 'status.phase', equal: false, value: 'Running' },
        { field: 'x', equal: true, value: '' },
      ],
    });
    const fields: Record<string, string> = { 'metadata.name': 'a,b', 'status.phase': 'Pending' };
    expect(selector.ok && matchesFields(selector.value, (field) => fields[field] ?? '')).toBe(true);
  });

  it.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    [String.raw`a=b\c`, String.raw`invalid field selector: invalid escape sequence: \c`],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%s: %s', (text, error) => {
    expect(parseFieldSelector(text)).toEqual({ ok: false, error });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseFieldSelector(text).ok === 'boolean'));
  });
});
