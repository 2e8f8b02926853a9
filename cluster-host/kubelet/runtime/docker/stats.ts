/** Reads what the engine measures of a container (`GET /containers/{id}/stats`) into the runtime's words, for both versions of cgroups. Pure. */
import type { ContainerStats, NetworkStats } from '../runtime.ts';

/** Undefined of a container that does not run: the engine then leaves everything out. */
export function readStats(containerId: string, now: number, stats: any): ContainerStats | undefined {
  const { memory_stats: memory, cpu_stats: cpu, networks } = stats ?? {};
  if (memory?.usage === undefined) return undefined;
  // Version 1 counts a cgroup alone and with those below it (`total_`); version 2 has other names for the same.
  const detail = (...names: readonly string[]): number => Number(names.map((name) => memory.stats?.[name]).find((value) => value !== undefined) ?? 0);
  return {
    containerId,
    time: measuredAt(stats.read) ?? now,
    cpuNanoseconds: cpu?.cpu_usage?.total_usage ?? 0,
    memoryUsage: memory.usage,
    workingSet: Math.max(0, memory.usage - detail('total_inactive_file', 'inactive_file')),
    rss: detail('total_rss', 'anon', 'rss'),
    pageFaults: detail('total_pgfault', 'pgfault'),
    majorPageFaults: detail('total_pgmajfault', 'pgmajfault'),
    ...(networks === undefined || networks === null ? {} : { network: readNetworks(Object.values(networks)) }),
  };
}

/** The engine writes year 1 for "never". */
function measuredAt(read: string | undefined): number | undefined {
  return read === undefined || read.startsWith('0001-') ? undefined : Date.parse(read);
}

function readNetworks(networks: readonly any[]): NetworkStats {
  const sum = (name: string): number => networks.reduce((total, network) => total + Number(network[name] ?? 0), 0);
  return { receivedBytes: sum('rx_bytes'), receiveErrors: sum('rx_errors'), sentBytes: sum('tx_bytes'), sendErrors: sum('tx_errors') };
}
