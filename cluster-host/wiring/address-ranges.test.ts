import { expect, test } from 'vitest';
import { chooseAddressRanges, overlap } from './address-ranges.ts';

test.each([
  ['10.244.0.0/16', '10.244.3.0/24', true],
  ['10.244.0.0/16', '10.0.0.0/8', true],
  ['10.244.0.0/16', '10.245.0.0/16', false],
  ['172.17.0.0/16', '10.244.0.0/16', false],
  ['fd00::/64', '10.244.0.0/16', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
  expect(overlap(other, one)).toBe(expected);
});

test('a cluster takes the first pair of ranges that is free', () => {
  expect(chooseAddressRanges(['172.17.0.0/16'])).toEqual({ clusterCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' });
  expect(chooseAddressRanges(['10.244.0.0/16', '10.243.7.0/24'])).toEqual({ clusterCidr: '10.242.0.0/16', serviceCidr: '10.98.0.0/16' });
  expect(chooseAddressRanges(['10.0.0.0/8'])).toBeUndefined();
});
