/** CEL beside the answers of Kubernetes' own library. */
import { describe, expect, test } from 'vitest';
import { Environment, type Expression } from './environment.ts';
import { evaluated, failing, refused, self } from './testing/expressions.ts';
import { dynType } from './types.ts';
import { fromJson } from './values.ts';

const environment = new Environment({ self: dynType });
const variables = new Map([['self', fromJson(self)]]);

function compiled(source: string): Expression {
  const expression = environment.compile(source);
  if (!expression.ok) throw new Error(expression.error);
  return expression.value;
}

describe('what is evaluated', () => {
  test.each(evaluated)('%s is %s and costs %i', (source, value, cost) => {
    const outcome = compiled(source).evaluate(variables);
    expect(outcome.result).toMatchObject({ ok: true });
    if (value !== undefined && outcome.result.ok) expect(String(outcome.result.value)).toBe(value);
    expect(outcome.cost).toBe(cost);
  });

  test.each(failing)('%s fails: %s', (source, error) => {
    expect(compiled(source).evaluate(variables).result).toEqual({ ok: false, error, isTooExpensive: false });
  });

  test('nothing goes on beyond its limit', () => {
    const { result } = compiled('self.c.all(x, self.c.all(y, x + y > 0))').evaluate(variables, 20);
    expect(result).toEqual({ ok: false, error: 'operation cancelled: actual cost limit exceeded', isTooExpensive: true });
  });
});

describe('what is refused', () => {
  test.each(refused)('%s: %s', (source, error) => {
    const expression = environment.compile(source);
    expect(expression.ok ? '' : expression.error.split('\n')[0]).toBe(`ERROR: <input>:${error}`);
  });

  test('the place is shown, in several lines where need be', () => {
    const expression = environment.compile("self.a == 'ü' &&\n\tfoo");
    expect(expression.ok ? '' : expression.error).toBe("ERROR: <input>:2:2: undeclared reference to 'foo' (in container '')\n |  foo\n | .^");
  });
});

describe('what is estimated', () => {
  test.each<[string, readonly [number, number]]>([
    ['self.a == 1', [2, 2]],
    ["'ab' + 'cd' == 'abcd'", [2, 2]],
    ['[1, 2, 3].all(x, x > 1)', [20, 26]],
    ["'abcdefghijkl'.contains('a')", [2, 2]],
  ])('%s', (source, [min, max]) => {
    const range = compiled(source).estimate();
    expect([range.min, range.max]).toEqual([min, max]);
  });

  test('by what is known of sizes', () => {
    const sized = (size: number): number => compiled('self.c.all(x, x > 0)').estimate((path) => (path.join('.') === 'self.c' ? { min: 0, max: size } : undefined)).max;
    expect(sized(20) - sized(10)).toBe(sized(30) - sized(20));
    expect(sized(0)).toBeLessThan(10);
  });
});
