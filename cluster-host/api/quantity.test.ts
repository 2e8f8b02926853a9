import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addQuantities, canonicalQuantity, compareQuantities, formatQuantity, parseQuantity, quantityMilliValue, quantityOf, quantityValue, subtractQuantities } from './quantity.ts';

describe('canonical form', () => {
  it.each([
    ['0', '0'], ['0.0', '0'], ['000', '0'], ['0Ki', '0'],
    ['1', '1'], ['1000', '1k'], ['1000m', '1'], ['100m', '100m'], ['0.1', '100m'], ['.5', '500m'], ['0.5', '500m'], ['-0.5', '-500m'],
    ['1024Ki', '1Mi'], ['1.5Gi', '1536Mi'], ['128Mi', '128Mi'], ['0.5Ki', '512'], ['0.5', '500m'], ['1023Ki', '1023Ki'], ['64Mi', '64Mi'], ['1000Ki', '1000Ki'],
    ['1e3', '1e3'], ['10e2', '1e3'], ['1E3', '1E3'], ['5E', '5E'], ['1000000k', '1G'], ['100k', '100k'], ['1e-3', '1e-3'],
    ['1n', '1n'], ['0.1n', '1n'], ['1.0000000001', '1000000001n'], ['0.0001Ki', '102400u'],
    // Spellings that Kubernetes keeps although they are not the shortest.
    ['1.500', '1.500'], ['+5', '+5'], ['005', '005'], ['5.', '5.'], ['12.345', '12.345'],
    ['9223372036854775807', '9223372036854775807'], ['8Ei', '9223372036854775807'], ['100Ei', '9223372036854775807'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });
});

describe('what is no quantity', () => {
  it.each([
    ['', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['abc', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1 Gi', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1.2.3', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1Kb', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1KI', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1K', "unable to parse quantity's suffix"],
    ['1mi', "unable to parse quantity's suffix"],
    ['1e', "unable to parse quantity's suffix"],
    ['1e99999999', "unable to parse quantity's suffix"],
    ['Ei', 'unable to parse numeric part of quantity'],
  ])('%s: %s', (text, error) => {
    expect(parseQuantity(text)).toEqual({ ok: false, error });
  });
});

describe('arithmetic', () => {
  const text = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'e3', 'u')).map(([value, suffix]) => `${value}${suffix}`);

  it('writes what it reads back as the same amount', () => {
    fc.assert(fc.property(text, (one) => compareQuantities(quantityOf(canonicalQuantity(one)), quantityOf(one)) === 0));
  });

  it('writes a written quantity the same again', () => {
    fc.assert(fc.property(text, (one) => canonicalQuantity(canonicalQuantity(one)) === canonicalQuantity(one)));
  });

  it('adds and subtracts exactly', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const sum = addQuantities(quantityOf(a), quantityOf(b));
        expect(compareQuantities(sum, addQuantities(quantityOf(b), quantityOf(a)))).toBe(0);
        expect(compareQuantities(subtractQuantities(sum, quantityOf(b)), quantityOf(a))).toBe(0);
      }),
    );
  });

  it('keeps the first format in a sum', () => {
    expect(formatQuantity(addQuantities(quantityOf('1Gi'), quantityOf('1G')))).toBe('2073741824');
    expect(formatQuantity(addQuantities(quantityOf('1Gi'), quantityOf('512Mi')))).toBe('1536Mi');
    expect(formatQuantity(addQuantities(quantityOf(undefined), quantityOf('2Gi')))).toBe('2Gi');
  });

  it('rounds up to units and thousandths', () => {
    expect(quantityValue(quantityOf('100m'))).toBe(1);
    expect(quantityValue(quantityOf('-100m'))).toBe(-1);
    expect(quantityMilliValue(quantityOf('1.5'))).toBe(1500);
    expect(quantityMilliValue(quantityOf('1u'))).toBe(1);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (any) => typeof parseQuantity(any).ok === 'boolean'));
  });
});
