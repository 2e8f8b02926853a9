import { expect, test } from 'vitest';
import { VirtualClock } from '../../../platform/simulated/clock.ts';
import { type Behaviour, type RuntimeHarness, runtimeSuite } from '../runtime-suite.ts';
import { SimulatedRuntime } from './simulated-runtime.ts';

const prefix = 'main.simulation.kubicle.dev';
const annotations: Record<Behaviour, Readonly<Record<string, string>>> = {
  runs: {},
  'prints and exits 3': { [`${prefix}/exit-after`]: '5', [`${prefix}/exit-code`]: '3', [`${prefix}/output`]: 'one\ntwo' },
  'cannot start': { [`${prefix}/fail-to-start`]: 'no such file' },
};

async function harness(): Promise<RuntimeHarness> {
  const clock = new VirtualClock();
  const runtime = new SimulatedRuntime({ clock });
  const { id } = await runtime.pullImage('busybox:1');
  return {
    connect: () => runtime,
    image: id,
    ip: '10.244.0.7',
    behave: (behaviour) => ({ command: ['run'], annotations: annotations[behaviour] }),
    settle: () => clock.advance(10),
    dispose: () => Promise.resolve(),
  };
}

runtimeSuite(harness);

test('an image of a reserved domain does not exist; any other is pulled in its time', async () => {
  const clock = new VirtualClock();
  const runtime = new SimulatedRuntime({ clock, pullTime: 2000 });
  const pulled = runtime.pullImage('nginx:1');
  const missing = expect(runtime.pullImage('nosuch.example/x:1')).rejects.toMatchObject({ code: 'ImageNotFound' });
  await clock.advance(1999);
  expect(await runtime.listImages()).toEqual([]);
  await clock.advance(1);
  expect((await pulled).tags).toEqual(['nginx:1']);
  await missing;
});
