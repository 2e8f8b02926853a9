import { expect, it } from 'vitest';
import { jobOf, revisionOf, templateOf } from './rollouts.ts';

it('reads revisions', () => {
  expect(revisionOf({ metadata: { annotations: { 'deployment.kubernetes.io/revision': '7' } } })).toBe(7);
  expect(revisionOf({})).toBe(0);
});

it('gives back the template without the hash', () => {
  const template = { metadata: { labels: { app: 'a', 'pod-template-hash': 'x' } }, spec: { containers: [] } };
  expect(templateOf({ spec: { selector: {}, template } })).toEqual({ metadata: { labels: { app: 'a' } }, spec: { containers: [] } });
});

it('makes a Job that belongs to its CronJob', () => {
  const job = jobOf({ metadata: { name: 'tidy', uid: 'u' }, spec: { schedule: '@daily', jobTemplate: { spec: { template: {} } } } }, 1_000_000);
  expect(job).toMatchObject({ metadata: { name: 'tidy-rs', annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, ownerReferences: [{ kind: 'CronJob', uid: 'u' }] }, spec: { template: {} } });
});
