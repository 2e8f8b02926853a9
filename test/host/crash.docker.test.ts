/** A host that is killed while clients write and watch: nothing that was acknowledged is lost, nothing that ran is touched. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { Api } from '../support/api.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

const cluster = new TestCluster('crash', 'docker');
const kubectl = new Kubectl(cluster.kubeconfig);
const configMaps = '/api/v1/namespaces/default/configmaps';
const writers = 6;

beforeAll(async () => {
  await ensureSampleImages();
  await cluster.up();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** Writes until the connection breaks; adds the name and version of each acknowledged write. */
async function write(writer: number, acknowledged: Map<string, string>): Promise<void> {
  using api = new Api(cluster.file);
  for (let index = 0; ; index++) {
    const name = `w${writer}-${index}`;
    try {
      const { status, body } = await api.send('POST', configMaps, JSON.stringify({ metadata: { name }, data: { index: String(index) } }));
      if (status !== 201) throw new Error(`${status}`);
      acknowledged.set(name, body.metadata.resourceVersion);
    } catch {
      return;
    }
  }
}

test('every acknowledged write is there again, watches resume, containers run on', async () => {
  await kubectl.run('create', 'deployment', 'steady', '--image=kubicle-sample/worker:1', '--replicas=3', '--', 'sleep', '1000000');
  await kubectl.run('rollout', 'status', 'deployment/steady', '--timeout=60s');
  const containers = async () =>
    (await kubectl.json('get', 'pods', '-l', 'app=steady')).items.map(({ metadata, status }: any) => [metadata.uid, status.containerStatuses[0].containerID, status.containerStatuses[0].restartCount, status.containerStatuses[0].state.running?.startedAt]);
  const before = await containers();
  const start = (await kubectl.json('get', 'configmaps')).metadata.resourceVersion;

  const acknowledged = new Map<string, string>();
  const writing = Array.from({ length: writers }, (_, writer) => write(writer, acknowledged));
  const port = cluster.file.url;
  await eventually('a load', async () => acknowledged.size > 150);
  process.kill(cluster.file.pid, 'SIGKILL');
  await Promise.all(writing);
  await cluster.up();
  expect(cluster.file.url).toBe(port);

  using api = new Api(cluster.file);
  const { body } = await api.send('GET', configMaps);
  const kept = new Map(body.items.map(({ metadata }: any) => [metadata.name, metadata.resourceVersion]));
  for (const [name, version] of acknowledged) expect([name, kept.get(name)]).toEqual([name, version]);

  const seen = new Set<string>();
  const stop = new AbortController();
  for await (const { type, object } of api.watch(configMaps, start, stop.signal)) {
    expect(type).toBe('ADDED');
    seen.add(object.metadata.name);
    if ([...acknowledged.keys()].every((name) => seen.has(name))) break;
  }
  stop.abort();

  await kubectl.run('rollout', 'status', 'deployment/steady', '--timeout=30s');
  expect(await containers()).toEqual(before);
  expect((await api.send('POST', configMaps, '{"metadata":{"name":"after"}}')).status).toBe(201);
});
