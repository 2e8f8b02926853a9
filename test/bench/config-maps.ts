/** ConfigMaps of 1 KB: writes beside a synced append, reads and watches beside a bare HTTPS server, all over keep-alive connections. */
import { apiOf, rate, type Api } from './api.ts';
import { startFloor } from './floor.ts';
import { residentMemory, startHost } from './host.ts';
import { benchList } from './lists.ts';
import { median, printRow } from './report.ts';

const count = 5000;
/** Fewer one after the other: each waits for the disk. */
const countAlone = 1000;
const watchers = 100;
const updates = 200;
const rounds = 5;
const newline = 10;

const collection = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;
const name = (index: number): string => `map-${String(index).padStart(5, '0')}`;
const configMap = (index: number, round = 0): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: name(index), labels: { app: `app-${index % 10}` } },
  data: { round: String(round), content: 'x'.repeat(1024) },
});

export async function benchConfigMaps(): Promise<void> {
  await using host = await startHost('simulated');
  await using floorServer = await startFloor();
  const floor = apiOf(floorServer.target);
  for (const namespace of ['one', 'many']) await apiOf(host.file).must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await benchCalls(apiOf(host.file, 1), apiOf(floorServer.target, 1), 'one', countAlone, 1);
  const api = apiOf(host.file);
  await benchCalls(api, floor, 'many', count, 16);
  await benchList(api, floor, `list ${count} ConfigMaps`, collection('many'));
  await benchWatches(api, floor);
  printRow({ name: 'memory after it', value: residentMemory(host.pid), unit: 'MiB' });
}

async function benchWatches(api: Api, floor: Api): Promise<void> {
  const path = collection('many');
  const [rates, floors]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const { metadata } = await api.must('GET', `${path}?limit=1`);
    const update = (index: number): Promise<unknown> => api.must('PUT', `${path}/${name(index)}`, configMap(index, 2 + round));
    rates.push(await eventRate(api, `${path}?watch=1&resourceVersion=${metadata.resourceVersion}`, update));
    // The bytes that a watch of the object sends.
    const events = (await Promise.all(Array.from({ length: updates }, (_, index) => api.must('GET', `${path}/${name(index)}`)))).map((object) => ({ type: 'MODIFIED', object }));
    floors.push(await eventRate(floor, '/watch', (index) => floor.must('POST', '/write', events[index])));
  }
  printRow({ name: `${watchers} watchers, ${rounds} × ${updates} updates: events`, value: median(rates), unit: '/s', floor: median(floors), floorName: 'node:https passing on synced appends' });
}

/** In turns with the floor, round by round: the machine's speed changes meanwhile. */
async function benchCalls(api: Api, floor: Api, namespace: string, calls: number, connections: number): Promise<void> {
  const path = collection(namespace);
  const batch = calls / rounds;
  const measure = async (what: string, floorName: string, ours: (index: number) => Promise<unknown>, bare: (index: number) => Promise<unknown>): Promise<void> => {
    const [rates, floors]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      rates.push(await rate(batch, connections, (index) => ours(round * batch + index)));
      floors.push(await rate(batch, connections, bare));
    }
    const name = `${what}, ${connections} connection${connections === 1 ? '' : 's'}`;
    printRow({ name, value: median(rates), unit: '/s', floor: median(floors), floorName });
  };
  const write = (index: number): Promise<unknown> => floor.must('POST', '/write', configMap(index));
  await measure('create', 'node:https, synced append', (index) => api.must('POST', path, configMap(index)), write);
  await floor.call('PUT', '/answer', (await api.call('GET', `${path}/${name(0)}`)).body);
  await measure('get', 'node:https', (index) => api.must('GET', `${path}/${name(index)}`), () => floor.must('GET', '/'));
  await measure('update', 'node:https, synced append', (index) => api.must('PUT', `${path}/${name(index)}`, configMap(index, 1)), write);
}

/** Events a second, from the first update until every watcher has every one. */
async function eventRate(api: Api, path: string, update: (index: number) => Promise<unknown>): Promise<number> {
  const total = watchers * updates;
  let seen = 0;
  const all = Promise.withResolvers<void>();
  using open = new DisposableStack();
  const heard = (chunk: Buffer): void => {
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) seen++;
    if (seen >= total) all.resolve();
  };
  for (let watcher = 0; watcher < watchers; watcher++) open.use(await api.stream(path, heard));
  const start = performance.now();
  await rate(updates, 16, update);
  await all.promise;
  return (total / (performance.now() - start)) * 1000;
}
