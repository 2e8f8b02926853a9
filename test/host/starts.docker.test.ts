/** Starts that are cancelled, that meet each other, and clusters beside each other on one engine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, finished, TestCluster } from '../support/kubicle.ts';
import { remainsOf } from '../support/remains.ts';

beforeAll(ensureSampleImages);

/** Starts, and presses Ctrl-C after so many milliseconds. */
async function cancelled(cluster: TestCluster, delay: number) {
  const child = cluster.spawn('up');
  const timer = setTimeout(() => child.kill('SIGINT'), delay);
  const outcome = await finished(child);
  clearTimeout(timer);
  return outcome;
}

test.each([0, 100, 250, 600])('a first start that is cancelled after %i ms leaves nothing on the engine', async (delay) => {
  await using cluster = new TestCluster('cancelled', 'docker');
  const { code } = await cancelled(cluster, delay);
  expect(existsSync(join(cluster.state, 'host.json'))).toBe(false);
  // One that was ready by then was stopped in order, and keeps its network.
  if (code !== 0) expect(await remainsOf(cluster)).toEqual([]);
});

test('a cancelled start loses nothing, and holds no lock', async () => {
  await using cluster = new TestCluster('resumed', 'docker');
  const kubectl = new Kubectl(cluster.kubeconfig);
  await cluster.up();
  await kubectl.run('create', 'configmap', 'kept');
  await cluster.run('down');
  for (const delay of [150, 500]) await cancelled(cluster, delay);
  await cluster.up();
  expect(await kubectl.run('get', 'configmap', 'kept', '-o', 'name')).toBe('configmap/kept\n');
});

test('of two starts at once one serves, and both succeed', async () => {
  await using cluster = new TestCluster('twice', 'docker');
  const [one, two] = await Promise.all([cluster.run('up', '--detach'), cluster.run('up', '--detach')]);
  expect([one, two]).toMatchObject([{ code: 0, out: `${cluster.kubeconfig}\n` }, { code: 0, out: `${cluster.kubeconfig}\n` }]);
});

test('two clusters on one engine do not disturb each other', async () => {
  await using kept = new TestCluster('beside-a', 'docker');
  await kept.up();
  const kubectl = new Kubectl(kept.kubeconfig);
  await kubectl.run('create', 'deployment', 'web', '--image=kubicle-sample/worker:1', '--', 'sh', '-c', 'echo here > /tmp/index.html; exec httpd -f -p 8080 -h /tmp');
  await kubectl.run('expose', 'deployment', 'web', '--port=80', '--target-port=8080');
  await kubectl.run('run', 'client', '--image=kubicle-sample/worker:1', '--command', '--', 'sleep', '1000000');
  await kubectl.run('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
  const ask = () => eventually('an answer', async () => (await kubectl.run('exec', 'client', '--', 'wget', '-q', '-O', '-', 'http://web/')) === 'here\n');
  await ask();
  {
    await using other = new TestCluster('beside-b', 'docker');
    await other.up();
    const range = async (cluster: TestCluster) => (await new Kubectl(cluster.kubeconfig).json('get', 'node', 'node-1')).spec.podCIDR.split('.').slice(0, 2).join('.');
    expect(await range(other)).not.toBe(await range(kept));
    await ask();
  }
  await ask();
  await kept.run('down', '--delete');
  expect(await remainsOf(kept)).toEqual([]);
});
