/** (c) One pod from create to Running, (d) a Deployment to all Ready: each beside what Docker alone takes for the same containers. */
import { connectEngine } from '../../cluster-host/engine/http-engine.ts';
import type { Engine } from '../../cluster-host/engine/engine.ts';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { apiOf, rate, type Api } from './api.ts';
import { startHost } from './host.ts';
import { median, printRow } from './report.ts';

const image = 'kubicle-sample/worker:1';
const runs = 10;
const replicas = 20;
const concurrencies = [4, 8, 20];
const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, command: ['sleep', '3600'] }] };

/** Raw Docker: a container on a network, and another that joins it. Resolves with the ids. */
async function rawPod(engine: Engine, network: string): Promise<readonly string[]> {
  const create = async (body: object): Promise<string> => {
    const { Id } = await engine.call<{ Id: string }>('POST', '/containers/create', { body });
    await engine.call('POST', `/containers/${Id}/start`);
    return Id;
  };
  const pause = await create({ Image: image, Cmd: ['sleep', '3600'], HostConfig: { NetworkMode: network, IpcMode: 'shareable' } });
  const joined = await create({ Image: image, Cmd: ['sleep', '3600'], HostConfig: { NetworkMode: `container:${pause}`, IpcMode: `container:${pause}` } });
  return [joined, pause];
}

/** The engine without us. */
async function dockerFloor() {
  const engine = connectEngine();
  const network = `kubicle-bench-floor-${process.pid}`;
  await engine.call('POST', '/networks/create', { body: { Name: network, Driver: 'bridge' } });
  return {
    /** Milliseconds that so many pods take, so many at once. */
    async time(count: number, atOnce: number): Promise<number> {
      const start = performance.now();
      const ids: string[] = [];
      await rate(count, atOnce, async () => void ids.push(...(await rawPod(engine, network))));
      const took = performance.now() - start;
      await Promise.all(ids.map((id) => engine.call('DELETE', `/containers/${id}`, { query: { force: true } })));
      return took;
    },
    async [Symbol.asyncDispose]() {
      await engine.call('DELETE', `/networks/${network}`);
      engine.dispose();
    },
  };
}

/** Calls back for each pod event of the default namespace; `until` resolves when one satisfies. */
function watchPods(api: Api) {
  const waiting = new Set<(type: string, pod: any) => void>();
  const watch = api.watch('/api/v1/namespaces/default/pods?watch=1', (type, pod) => waiting.forEach((check) => check(type, pod)));
  return {
    until: (satisfied: (type: string, pod: any) => boolean) =>
      new Promise<void>((resolve) => {
        const check = (type: string, pod: unknown): void => {
          if (!satisfied(type, pod)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      }),
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

async function onePod(api: Api, pods: ReturnType<typeof watchPods>, name: string): Promise<number> {
  const running = pods.until((_type, pod) => pod.metadata.name === name && pod.status.phase === 'Running');
  const start = performance.now();
  await api.must('POST', '/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  await running;
  const took = performance.now() - start;
  const gone = pods.until((type, pod) => type === 'DELETED' && pod.metadata.name === name);
  await api.must('DELETE', `/api/v1/namespaces/default/pods/${name}`);
  await gone;
  return took;
}

async function oneDeployment(api: Api, pods: ReturnType<typeof watchPods>, name: string): Promise<number> {
  const ready = new Set<string>();
  const allReady = pods.until((_type, pod) => {
    const isReady = (pod.status.conditions ?? []).some((condition: any) => condition.type === 'Ready' && condition.status === 'True');
    if (isReady && pod.metadata.labels?.app === name) ready.add(pod.metadata.name);
    return ready.size === replicas;
  });
  const labels = { app: name };
  const start = performance.now();
  await api.must('POST', '/apis/apps/v1/namespaces/default/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
  await allReady;
  const took = performance.now() - start;
  let left = replicas;
  const gone = pods.until((type, pod) => type === 'DELETED' && pod.metadata.labels?.app === name && --left === 0);
  await api.must('DELETE', `/apis/apps/v1/namespaces/default/deployments/${name}?propagationPolicy=Background`);
  await gone;
  return took;
}

/** In turns with the floor: the engine's speed changes from minute to minute. */
export async function benchPods(): Promise<void> {
  await ensureSampleImages();
  await using floor = await dockerFloor();
  await using host = await startHost('docker');
  const api = apiOf(host.file);
  using pods = watchPods(api);
  const [one, oneFloor]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    oneFloor.push(await floor.time(1, 1));
    one.push(await onePod(api, pods, `one-${run}`));
  }
  printRow({ name: 'one pod: create to Running', value: median(one), unit: 'ms', floor: median(oneFloor), floorName: 'raw Docker' });
  const best = await bestConcurrency(floor);
  const [many, manyFloor]: [number[], number[]] = [[], []];
  for (let run = 0; run < 3; run++) {
    manyFloor.push(await floor.time(replicas, best));
    many.push(await oneDeployment(api, pods, `many-${run}`));
  }
  printRow({ name: `Deployment of ${replicas}: create to all Ready`, value: median(many), unit: 'ms', floor: median(manyFloor), floorName: `raw Docker, ${best} at once` });
}

async function bestConcurrency(floor: { time(count: number, atOnce: number): Promise<number> }): Promise<number> {
  let [best, least] = [1, Infinity];
  for (const atOnce of concurrencies) {
    const took = await floor.time(replicas, atOnce);
    if (took < least) [best, least] = [atOnce, took];
  }
  return best;
}
