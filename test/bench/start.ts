/** (a) From the spawn of the host to an API that answers and a node that is Ready; (b) what it takes at rest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime, residentMemory, startHost } from './host.ts';
import { median, printRow } from './report.ts';

const runs = 5;
const idleWindow = 20_000;

const bareServer = `
import https from 'node:https';
const server = https.createServer(() => {}).listen(0, '127.0.0.1', () => console.log('listening'));
`;

/** A Node process that does nothing but listen: the least that a host written for Node takes. */
async function bareNode<T>(use: (pid: number, started: number) => Promise<T>): Promise<T> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', bareServer], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const started = performance.now() - start;
  try {
    return await use(child.pid ?? 0, started);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

export async function benchStart(): Promise<void> {
  const [api, ready, floors]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < runs; run++) {
    floors.push(await bareNode((_pid, started) => Promise.resolve(started)));
    await using host = await startHost('docker');
    api.push(host.steps.get('apiServer') ?? Number.NaN);
    ready.push(host.ready);
  }
  const floor = { floor: median(floors), floorName: 'a bare node:https server' };
  printRow({ name: 'spawn to API ready', value: median(api), unit: 'ms', ...floor });
  printRow({ name: 'spawn to node Ready', value: median(ready), unit: 'ms', ...floor });
}

export async function benchIdle(): Promise<void> {
  const measure = async (pid: number) => {
    await sleep(5000);
    const before = cpuTime(pid);
    await sleep(idleWindow);
    return { memory: residentMemory(pid), cpu: ((cpuTime(pid) - before) / idleWindow) * 100 };
  };
  const floor = await bareNode((pid) => measure(pid));
  await using host = await startHost('docker');
  const idle = await measure(host.pid);
  printRow({ name: 'memory at rest', value: idle.memory, unit: 'MiB', floor: floor.memory, floorName: 'a bare node:https server' });
  printRow({ name: 'CPU at rest', value: idle.cpu, unit: '%' });
}
