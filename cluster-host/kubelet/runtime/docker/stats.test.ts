import { expect, test } from 'vitest';
import { readStats } from './stats.ts';

const cpu_stats = { cpu_usage: { total_usage: 7_000 } };
const read = '2026-01-01T00:00:01Z';

test('both versions of cgroups tell the working set without what can be taken back', () => {
  const first = { read, cpu_stats, memory_stats: { usage: 100, stats: { total_inactive_file: 30, inactive_file: 1, total_rss: 40, total_pgfault: 5, total_pgmajfault: 2 } } };
  expect(readStats('c', 0, first)).toEqual({ containerId: 'c', time: Date.parse(read), cpuNanoseconds: 7_000, memoryUsage: 100, workingSet: 70, rss: 40, pageFaults: 5, majorPageFaults: 2 });
  const second = { read, cpu_stats, memory_stats: { usage: 100, stats: { inactive_file: 30, anon: 40, pgfault: 5, pgmajfault: 2 } } };
  expect(readStats('c', 0, second)).toEqual(readStats('c', 0, first));
});

test('a container that does not run has no usage; networks add up', () => {
  expect(readStats('c', 0, { read: '0001-01-01T00:00:00Z', cpu_stats: {}, memory_stats: {} })).toBeUndefined();
  expect(readStats('c', 0, undefined)).toBeUndefined();
  const networks = { eth0: { rx_bytes: 1, tx_bytes: 2, rx_errors: 0, tx_errors: 0 }, eth1: { rx_bytes: 3, tx_bytes: 4, rx_errors: 1, tx_errors: 0 } };
  expect(readStats('c', 9, { cpu_stats, memory_stats: { usage: 1 }, networks })).toMatchObject({ time: 9, network: { receivedBytes: 4, sentBytes: 6, receiveErrors: 1, sendErrors: 0 } });
});
