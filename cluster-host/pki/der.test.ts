import { expect, test } from 'vitest';
import { integer, objectIdentifier, octets, utcTime } from './der.ts';

test.each([
  ['a short content', octets(Buffer.alloc(0x7f)).subarray(0, 2), '047f'],
  ['a longer content', octets(Buffer.alloc(0x80)).subarray(0, 3), '048180'],
  ['a long content', octets(Buffer.alloc(0x1ff)).subarray(0, 4), '048201ff'],
  ['an integer', integer(Buffer.of(2)), '020102'],
  ['an object identifier', objectIdentifier('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
  ['a time', utcTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), `170d${Buffer.from('260102030405Z').toString('hex')}`],
])('%s has one form', (_what, der, hex) => {
  expect(der.toString('hex')).toBe(hex);
});
