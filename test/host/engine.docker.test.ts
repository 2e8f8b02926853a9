/** A Docker Engine that is not there, dies in mid-start, or dies while the cluster runs and comes back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSampleImages } from '../../scripts/setup/sample-images.ts';
import { EngineProxy } from '../support/engine-proxy.ts';
import { Kubectl } from '../support/kubectl.ts';
import { eventually, TestCluster } from '../support/kubicle.ts';
import { remainsOf } from '../support/remains.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubicle-engine-'));
const engine = new EngineProxy(join(folder, 'docker.sock'));
const env = { DOCKER_HOST: engine.address };

beforeAll(ensureSampleImages);
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('without an engine, up says what to do, for people and for programs', async () => {
  await using cluster = new TestCluster('engineless', 'docker', env);
  const { code, err } = await cluster.run('up');
  expect(code).toBe(1);
  expect(err).toMatch(/no Docker Engine answers at unix:[\s\S]*Install Docker[\s\S]*--runtime simulated/);
  const { out } = await cluster.run('up', '--progress', 'json', '--detach');
  expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ error: { code: 'dockerUnavailable', hint: expect.stringContaining('--runtime simulated') } });
});

test('an engine that dies in mid-start ends the start; the next one succeeds', async () => {
  await using cluster = new TestCluster('halfway', 'docker', env);
  for (const connections of [1, 2, 3]) {
    await engine.open(connections);
    const { code, err } = await cluster.run('up');
    expect([connections, code, /Docker Engine/.test(err)]).toEqual([connections, 1, true]);
    expect(err).toContain('--runtime simulated');
  }
  await engine.open();
  await cluster.up();
  await cluster.run('down', '--delete');
  expect(await remainsOf(cluster)).toEqual([]);
  engine.cut();
});

test('while the engine is away nodes are NotReady, and nothing happens to pods', async () => {
  await engine.open();
  await using cluster = new TestCluster('outage', 'docker', env);
  await cluster.up();
  const kubectl = new Kubectl(cluster.kubeconfig);
  await kubectl.run('run', 'steady', '--image=kubicle-sample/worker:1', '--command', '--', 'sleep', '1000000');
  await kubectl.run('wait', '--for=condition=Ready', 'pod/steady', '--timeout=60s');
  const steady = async () => (await kubectl.json('get', 'pod', 'steady')).status.containerStatuses[0];
  const before = await steady();
  const readiness = async () => (await kubectl.json('get', 'node', 'node-1')).status.conditions.find(({ type }: { type: string }) => type === 'Ready');

  engine.cut();
  await eventually('NotReady', async () => (await readiness()).status === 'False');
  expect((await readiness()).message).toContain('container runtime is down');
  await kubectl.run('create', 'configmap', 'meanwhile');
  await engine.open();
  await eventually('Ready', async () => (await readiness()).status === 'True');
  expect(await steady()).toEqual(before);
  expect(execFileSync('docker', ['inspect', '--format', '{{.State.Running}}', before.containerID.replace('docker://', '')], { encoding: 'utf8' })).toBe('true\n');
  expect(await kubectl.run('exec', 'steady', '--', 'echo', 'here')).toBe('here\n');
  await kubectl.run('run', 'later', '--image=kubicle-sample/worker:1', '--command', '--', 'sleep', '1000000');
  await kubectl.run('wait', '--for=condition=Ready', 'pod/later', '--timeout=60s');
});

test('Ctrl-C ends the host although the engine is away, and says what may be left', async () => {
  await engine.open();
  await using cluster = new TestCluster('abandoned', 'docker', env);
  const { child, ended } = await cluster.upInForeground();
  engine.cut();
  child.kill('SIGINT');
  const { code, out } = await ended;
  expect(code).toBe(1);
  expect(out).toContain('dockerUnavailable');
  await engine.open();
  await cluster.run('down', '--delete');
  expect(await remainsOf(cluster)).toEqual([]);
  engine.cut();
});
