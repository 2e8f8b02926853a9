/**
 * What a simulated container uses: around half of the CPU and memory that it asked for, in slow waves. A pod's annotations may
 * say it exactly (`main.simulation.kubicle.dev/cpu`, `…/memory`). Pure; the same container uses the same in every run.
 */
import { quantityMilliValue, quantityOf, quantityValue } from '../../../api/quantity.ts';
import type { Container, ContainerResources, ContainerStats } from '../runtime.ts';

const mebibyte = 1024 ** 2;
const page = 4096;
/** What a container is taken to ask for that says nothing. */
const usualMilliCpu = 20;
const usualMemory = 48 * mebibyte;
const usedShare = 0.5;
const swing = 0.2;
/** Milliseconds from one wave to the next. */
const period = 10 * 60_000;
const sharesPerCpu = 1024;
const fewestShares = 2;

export interface ModelledContainer {
  readonly container: Container;
  readonly resources: ContainerResources;
  /** Quantities of the pod's annotations. */
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
}

export function modelledStats({ container, resources, cpu, memory }: ModelledContainer, now: number): ContainerStats {
  const start = container.startedAt ?? container.createdAt;
  const elapsed = Math.max(0, now - start);
  const phase = phaseOf(container);
  const shares = resources.cpuShares ?? fewestShares;
  const asked = shares > fewestShares ? (shares * 1000) / sharesPerCpu : usualMilliCpu;
  const milliSeconds = cpu === undefined ? asked * waveIntegral(elapsed, phase) : quantityMilliValue(quantityOf(cpu)) * elapsed;
  const wanted = resources.memoryRequest ?? resources.memoryLimit ?? usualMemory;
  const bytes = memory === undefined ? Math.round((wanted * wave(elapsed, phase)) / page) * page : quantityValue(quantityOf(memory));
  return {
    containerId: container.id,
    time: now,
    // Thousandths of a CPU over milliseconds are microseconds.
    cpuNanoseconds: Math.round(milliSeconds * 1000),
    memoryUsage: bytes,
    workingSet: bytes,
    rss: bytes,
    pageFaults: 0,
    majorPageFaults: 0,
  };
}

function wave(elapsed: number, phase: number): number {
  return usedShare + swing * Math.sin(phase + (2 * Math.PI * elapsed) / period);
}

/** What `wave` adds up to from the start. */
function waveIntegral(elapsed: number, phase: number): number {
  const turn = (2 * Math.PI) / period;
  return usedShare * elapsed + (swing / turn) * (Math.cos(phase) - Math.cos(phase + turn * elapsed));
}

/** Containers are not all busy at once. */
function phaseOf({ pod, name }: Container): number {
  let hash = 0;
  for (const character of `${pod.uid}/${name}`) hash = (hash * 31 + character.charCodeAt(0)) % 360;
  return (hash * Math.PI) / 180;
}
