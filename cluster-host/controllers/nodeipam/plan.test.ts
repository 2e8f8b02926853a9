import { expect, it } from 'vitest';
import { SubnetPool } from './plan.ts';

it.each([
  ['10.244.0.0/16', [], '10.244.0.0/24'],
  ['10.244.0.0/16', ['10.244.0.0/24', '10.244.1.0/24', '10.244.3.0/24'], '10.244.2.0/24'],
  ['10.244.0.0/16', ['10.244.0.0/23', '10.244.2.128/25', '10.9.0.0/16', 'nonsense'], '10.244.3.0/24'],
  ['192.168.7.0/24', [], '192.168.7.0/24'],
  ['192.168.7.0/24', ['192.168.7.0/24'], undefined],
  ['192.168.7.0/25', [], undefined],
  ['10.1.2.3/15', ['10.0.0.0/24'], '10.0.1.0/24'],
  ['200.0.0.0/8', ['200.0.0.0/24'], '200.0.1.0/24'],
])('a free range of %s besides %j', (cluster, taken, expected) => {
  const pool = new SubnetPool(cluster, 24);
  for (const cidr of taken) pool.take(cidr);
  expect(pool.allocate()).toBe(expected);
});

it('goes round: a range that was given back comes last', () => {
  const pool = new SubnetPool('10.0.0.0/22', 24);
  expect([pool.allocate(), pool.allocate()]).toEqual(['10.0.0.0/24', '10.0.1.0/24']);
  pool.giveBack('10.0.0.0/24');
  expect([pool.allocate(), pool.allocate(), pool.allocate(), pool.allocate()]).toEqual(['10.0.2.0/24', '10.0.3.0/24', '10.0.0.0/24', undefined]);
});
