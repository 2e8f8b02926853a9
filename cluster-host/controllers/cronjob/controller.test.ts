import { describe, expect, it } from 'vitest';
import type { V1CronJob } from '../../api/generated/types.ts';
import { cronJobs, jobs } from '../../client/resources.ts';
import { runControllers } from '../../client/run-controllers.ts';
import { testSurroundings } from '../../client/testing/test-surroundings.ts';
import { cronJobController } from './controller.ts';

async function running(spec: Partial<V1CronJob['spec']>) {
  const surroundings = testSurroundings();
  runControllers([cronJobController], surroundings);
  const template = { metadata: {}, spec: { containers: [] } };
  await surroundings.client.resource(cronJobs, 'default').create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'default' },
    spec: { schedule: '*/5 * * * *', successfulJobsHistoryLimit: 2, jobTemplate: { spec: { template } }, ...spec },
    status: {},
  });
  const finish = async (name: string, type = 'Complete') => {
    const time = new Date(surroundings.clock.now()).toISOString();
    const status = { completionTime: time, startTime: time, conditions: [{ type, status: 'True' }] };
    await surroundings.client.resource(jobs, 'default').patch(name, { status }, { type: 'merge', subresource: 'status' });
    await surroundings.clock.advance(100);
  };
  const names = () => surroundings.api.objects('jobs').map(({ metadata }) => metadata.name);
  return { ...surroundings, finish, names };
}

const first = 'tick-29453765';

describe('cron jobs', () => {
  it('start a job at each time of the schedule', async () => {
    const { api, clock, names, recorded } = await running({});
    await clock.advance(299_000);
    expect(names()).toEqual([]);
    await clock.advance(2000);
    expect(names()).toEqual([first]);
    expect(api.objects('jobs')[0].metadata.annotations).toEqual({ 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:05:00Z' });
    expect(api.objects('cronjobs')[0].status).toMatchObject({ lastScheduleTime: '2026-01-01T00:05:00Z', active: [{ name: first }] });
    expect(recorded).toEqual([`Normal SuccessfulCreate tick: Created job ${first}`]);
  });

  it('tell of jobs that ended, and keep no more than asked for', async () => {
    const { api, clock, finish, names, recorded } = await running({});
    for (let round = 0; round < 3; round++) {
      await clock.advance(300_100);
      await finish(names().at(-1) ?? '');
    }
    expect(names()).toHaveLength(2);
    expect(recorded).toContain(`Normal SawCompletedJob tick: Saw completed job: ${first}, condition: Complete`);
    expect(api.objects('cronjobs')[0].status).toMatchObject({ lastSuccessfulTime: expect.stringContaining('2026-01-01T00:15') });
    expect(api.objects('cronjobs')[0].status.active).toBeUndefined();
  });

  it.each([
    ['Allow', 3],
    ['Forbid', 1],
    ['Replace', 1],
  ])('%s concurrency', async (concurrencyPolicy, expected) => {
    const { clock, names } = await running({ concurrencyPolicy });
    await clock.advance(901_000);
    expect(names()).toHaveLength(expected);
  });

  it('rest while suspended, and know time zones', async () => {
    const suspended = await running({ suspend: true });
    await suspended.clock.advance(1_000_000);
    expect(suspended.names()).toEqual([]);
    const zoned = await running({ schedule: '30 1 * * *', timeZone: 'Europe/Berlin' });
    await zoned.clock.advance(1_801_000);
    expect(zoned.names()).toHaveLength(1);
    expect(zoned.api.objects('jobs')[0].metadata.annotations).toEqual({ 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T01:30:00+01:00' });
  });
});
