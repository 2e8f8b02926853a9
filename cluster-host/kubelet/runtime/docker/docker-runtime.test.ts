import { expect, test } from 'vitest';
import { ScriptedEngine } from '../../../engine/testing/scripted-engine.ts';
import { VirtualClock } from '../../../platform/simulated/clock.ts';
import { DockerRuntime } from './docker-runtime.ts';
import { labels } from './labels.ts';

const found = { [labels.type]: 'container', [labels.podUid]: 'u', [labels.node]: 'node-1' };
const listed = (State: string) => [{ Id: 'c', State, Labels: found }];
const running = { Running: true, Status: 'running', ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z' };
const exited = { Running: false, Status: 'exited', ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '2026-01-01T00:00:01Z' };
const inspected = (State: object) => ({ Id: 'c', Created: '2026-01-01T00:00:00Z', Image: 'sha256:1', Config: { Labels: found, Image: 'i', Tty: false }, State });

test('a container that ends while it is being inspected has ended, though the list lags behind', async () => {
  const engine = new ScriptedEngine();
  const runtime = new DockerRuntime({ engine, clock: new VirtualClock(), cluster: 'c', network: 'n' });
  const changes: string[] = [];
  const watch = runtime.watch({ changed: ({ pod }) => changes.push(pod.uid), connected: () => undefined, lost: () => undefined });

  const first = runtime.listAll();
  await engine.answer('GET /containers/json', listed('running'));
  const inspection = await engine.asked('GET /containers/c/json');
  // The container was inspected; before the answer is here, it dies.
  await engine.tell({ Action: 'die', id: 'c', labels: found, time: 1 });
  expect(changes).toEqual(['u']);
  inspection.answer(inspected(running));
  expect((await first).containers).toMatchObject([{ state: 'running' }]);

  const second = runtime.listAll();
  await engine.answer('GET /containers/json', listed('running'));
  await engine.answer('GET /containers/c/json', inspected(exited));
  expect((await second).containers).toMatchObject([{ state: 'exited', exitCode: 0 }]);

  // What has not changed since is not inspected again.
  const third = runtime.listAll();
  await engine.answer('GET /containers/json', listed('exited'));
  expect((await third).containers).toMatchObject([{ state: 'exited' }]);
  watch.dispose();
});

test.each([
  ['running', true, undefined],
  ['paused', true, undefined],
  ['exited', false, 137],
  ['removing', false, 137],
  ['dead', false, 137],
])('a container that the engine calls %s', async (Status, Running, exitCode) => {
  const engine = new ScriptedEngine();
  const runtime = new DockerRuntime({ engine, clock: new VirtualClock(), cluster: 'c', network: 'n' });
  const all = runtime.listAll();
  await engine.answer('GET /containers/json', listed(Status));
  await engine.answer('GET /containers/c/json', inspected({ ...exited, Running, Status, ExitCode: exitCode ?? 0 }));
  expect((await all).containers[0]).toMatchObject(exitCode === undefined ? { state: 'running' } : { state: 'exited', exitCode });
});
