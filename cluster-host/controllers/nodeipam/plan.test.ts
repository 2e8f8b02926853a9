import { expect, it } from 'vitest';
import { freeSubnet } from './plan.ts';

it.each([
  ['10.244.0.0/16', [], '10.244.0.0/24'],
  ['10.244.0.0/16', ['10.244.0.0/24', '10.244.1.0/24', '10.244.3.0/24'], '10.244.2.0/24'],
  ['192.168.7.0/24', [], '192.168.7.0/24'],
  ['192.168.7.0/24', ['192.168.7.0/24'], undefined],
  ['10.1.2.3/15', ['10.0.0.0/24'], '10.0.1.0/24'],
])('a free range of %s besides %j', (cluster, taken, expected) => {
  expect(freeSubnet(cluster, 24, taken)).toBe(expected);
});
