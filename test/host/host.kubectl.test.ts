/** The host as a process: command line, state directory, crashes. With the simulated runtime: no engine is asked. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectControl } from '../../cluster-host/control/client.ts';
import { isAlive } from '../../cluster-host/host/state-directory.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';

test('up prints the kubeconfig’s path, and kubectl works with it at once', async () => {
  await using cluster = new TestCluster('first', 'simulated');
  const { code, out, err } = await cluster.run('up', '--runtime', 'simulated', '--detach');
  expect({ code, out }).toEqual({ code: 0, out: `${cluster.kubeconfig}\n` });
  expect(err).toContain('Ready');
  const kubectl = new Kubectl(cluster.kubeconfig);
  expect(await kubectl.run('get', 'nodes')).toMatch(/^NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION\nnode-1\s+Ready\s+\S+\s+\d+s\s+v1\.36\.0\n$/);
  const status = await cluster.run('status', '-o', 'json');
  expect(JSON.parse(status.out)).toMatchObject({ name: 'first', phase: 'running', runtime: 'simulated', nodes: [{ name: 'node-1', ready: true }] });
  const again = await cluster.run('up', '--detach');
  expect(again).toMatchObject({ code: 0, out: `${cluster.kubeconfig}\n` });
  expect(again.err).toContain('already running');
});

test('secrets are for the owner alone, and down --delete leaves nothing', async () => {
  const cluster = new TestCluster('private', 'simulated');
  await cluster.up();
  for (const name of ['host.json', 'kubeconfig', 'pki/ca.key', 'pki/admin.token', 'store.db']) {
    expect([name, (statSync(join(cluster.state, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
  }
  await cluster.run('down', '--delete');
  expect(existsSync(cluster.state)).toBe(false);
});

test('kill -9 loses no acknowledged write', async () => {
  await using cluster = new TestCluster('killed', 'simulated');
  await cluster.up();
  const kubectl = new Kubectl(cluster.kubeconfig);
  for (let index = 0; index < 5; index++) await kubectl.run('create', 'configmap', `kept-${index}`, `--from-literal=index=${index}`);
  const before = await kubectl.json('get', 'configmap', 'kept-4');
  process.kill(cluster.file.pid, 'SIGKILL');
  await cluster.up();
  expect(await kubectl.json('get', 'configmap', 'kept-4')).toEqual(before);
  expect((await kubectl.json('get', 'configmaps')).items.filter((item: any) => item.metadata.name.startsWith('kept-'))).toHaveLength(5);
});

test('Ctrl-C stops cleanly', async () => {
  await using cluster = new TestCluster('stopped', 'simulated');
  const { child, ended } = await cluster.upInForeground();
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(existsSync(join(cluster.state, 'host.json'))).toBe(false);
});

test('two windows share a host that is not kept; it ends when the last is gone', async () => {
  await using cluster = new TestCluster('windows', 'simulated');
  await cluster.up('--end-with-windows');
  const [first, second] = await Promise.all([connectControl(cluster.file, 'window'), connectControl(cluster.file, 'window')]);
  const { pid } = cluster.file;
  expect(await first.control.request('host/status', {})).toMatchObject({ windows: 2, keep: false });
  first.control.close();
  await eventually('one window', async () => (await second.control.request('host/status', {})).windows === 1);
  second.control.close();
  await eventually('the end of the host', async () => !existsSync(join(cluster.state, 'host.json')) && !isAlive(pid), 40_000);
});

test('a window may keep the host', async () => {
  await using cluster = new TestCluster('kept', 'simulated');
  await cluster.up('--end-with-windows');
  const { control } = await connectControl(cluster.file, 'window');
  expect(await control.request('host/keep', { keep: true })).toMatchObject({ windows: 1, keep: true });
  control.close();
  const status = async () => JSON.parse((await cluster.run('status', '-o', 'json')).out) as { windows: number; keep: boolean };
  await eventually('no window', async () => (await status()).windows === 0);
  expect(await status()).toMatchObject({ windows: 0, keep: true });
});

test('--kubeconfig adds a context to a user’s file and touches no other', async () => {
  await using cluster = new TestCluster('merged', 'simulated');
  const file = join(cluster.state, 'mine');
  writeFileSync(file, 'apiVersion: v1\nkind: Config\n# mine\ncontexts:\n- {name: work, context: {cluster: work, user: me}}\nclusters: []\nusers: []\ncurrent-context: work\n');
  await cluster.up('--kubeconfig', file);
  expect(readFileSync(file, 'utf8')).toContain('# mine');
  const kubectl = new Kubectl(file);
  expect(await kubectl.run('config', 'get-contexts', '-o', 'name')).toBe('merged\nwork\n');
  expect(await kubectl.run('--context', 'merged', 'get', 'namespaces', '-o', 'name')).toContain('namespace/default');
});

test('a taken port, a read-only state directory and a locked one are refused with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await using cluster = new TestCluster('refused', 'simulated');
  const port = (server.address() as AddressInfo).port;
  const taken = await cluster.run('up', '--runtime', 'simulated', '--port', String(port));
  server.close();
  expect(taken.code).toBe(1);
  expect(taken.err).toMatch(new RegExp(`port.*${port}[\\s\\S]*--port`));

  const { child, ended } = await cluster.upInForeground();
  rmSync(join(cluster.state, 'host.json'));
  const second = await cluster.run('up', '--runtime', 'simulated');
  expect(second).toMatchObject({ code: 1 });
  expect(second.err).toMatch(/another cluster host is using the state directory[\s\S]*kubicle down/);
  child.kill('SIGINT');
  await ended;
});

test('a state directory that cannot be made', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'kubicle-readonly-'));
  writeFileSync(join(parent, 'file'), '');
  chmodSync(parent, 0o500);
  await using cluster = new TestCluster('unwritable', 'simulated');
  const { code, err } = await cluster.run('up', '--runtime', 'simulated', '--state-dir', join(parent, 'file', 'state'));
  expect(code).toBe(1);
  expect(err).toMatch(/the state directory cannot be written[\s\S]*--state-dir/);
  chmodSync(parent, 0o700);
  rmSync(parent, { recursive: true });
});

test.each([
  [['up', '--nodes', 'many'], /--nodes takes a whole number/],
  [['up', '--runtime', 'podman'], /--runtime takes docker or simulated/],
  [['up', '--frob'], /frob/],
  [['frobnicate'], /there is no command "frobnicate"/],
])('a call that cannot be taken: %j', async ([command = '', ...options], message) => {
  await using cluster = new TestCluster('usage', 'simulated');
  const { code, err } = await cluster.run(command, ...options);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
