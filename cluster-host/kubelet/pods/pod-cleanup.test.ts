import { expect, test } from 'vitest';
import { VirtualClock } from '../../platform/simulated/clock.ts';
import { SimulatedRuntime } from '../runtime/simulated/simulated-runtime.ts';
import { noFiles } from '../volumes/pod-files.ts';
import { removeFiles } from './pod-cleanup.ts';

test('what the host’s user may not remove, the engine clears', async () => {
  const steps: string[] = [];
  const runtime = Object.assign(new SimulatedRuntime({ clock: new VirtualClock() }), { clearFolder: async (path: string) => void steps.push(`clear ${path}`) });
  const removePod = async (uid: string): Promise<void> => {
    steps.push(`remove ${uid}`);
    if (!steps.includes('clear /u1')) throw Object.assign(new Error('not permitted'), { code: 'EACCES' });
  };
  await removeFiles(runtime, { ...noFiles, removePod }, 'u1');
  expect(steps).toEqual(['remove u1', 'clear /u1', 'remove u1']);
});

test('any other failure is told', async () => {
  const removePod = (): Promise<void> => Promise.reject(Object.assign(new Error('broken disk'), { code: 'EIO' }));
  await expect(removeFiles(new SimulatedRuntime({ clock: new VirtualClock() }), { ...noFiles, removePod }, 'u1')).rejects.toThrow('broken disk');
});
