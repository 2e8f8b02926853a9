import { expect, it } from 'vitest';
import { goSyntax, goText, goType } from './go-values.ts';

it('prints values as %v does', () => {
  expect([null, 'a b', true, [1, 'x', null], { b: [1], a: { c: 'd' } }].map((value) => goText(value))).toEqual(['<nil>', 'a b', 'true', '[1 x <nil>]', 'map[a:map[c:d] b:[1]]']);
});

it('prints values as %#v does', () => {
  expect([8080, 'a"b', false, ['x'], { k: 1 }].map(goSyntax)).toEqual(['8080', '"a\\"b"', 'false', '[]interface {}{"x"}', 'map[string]interface {}{"k":1}']);
});

it('prints numbers as 64-bit floats', () => {
  const numbers = [0, -5, 123456, 1e6, 1234567, 0.0001, 0.00001, 123456.789, 1e21, 2147483648];
  expect(numbers.map((value) => goText(value))).toEqual(['0', '-5', '123456', '1e+06', '1.234567e+06', '0.0001', '1e-05', '123456.789', '1e+21', '2.147483648e+09']);
});

it('names types as %T does', () => {
  expect([1, 'x', true, [], {}].map((value) => goType(value))).toEqual(['float64', 'string', 'bool', '[]interface {}', 'map[string]interface {}']);
});

it('keeps whole numbers whole where Go does', () => {
  expect(goText({ a: 1e6, b: [1.5] }, 'integers')).toBe('map[a:1000000 b:[1.5]]');
  expect([goType(1, 'integers'), goType(1.5, 'integers'), goType(null)]).toEqual(['int64', 'float64', '<nil>']);
});
